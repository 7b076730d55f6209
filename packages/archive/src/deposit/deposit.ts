import type { ManifestService, SignatureKind } from '@keepset/manifest';
import type { DateField } from '../dates/find-dates.js';

/** A person or an organisation. */
export type Author = { readonly orcid?: string; readonly affiliation?: string } & (
  | { readonly givenNames?: string; readonly familyNames: string }
  | { readonly name: string }
);

/** What a deposit is called, and whose it is: what no image can tell. */
export interface DepositMetadata {
  readonly title: string;
  /** Default: anonymous. */
  readonly authors: readonly Author[];
  readonly description?: string;
  /** An identifier of SPDX's list: CC-BY-4.0 */
  readonly license?: string;
  readonly keywords?: readonly string[];
  readonly version?: string;
  /** 10.5281/zenodo.1234 */
  readonly doi?: string;
  /** Where the work is developed. */
  readonly repository?: string;
}

/** The image of a deposit. Digests are sha256:… */
export interface DepositImage {
  /** By which the user knew it. */
  readonly name?: string;
  /** Of its configuration. */
  readonly id: string;
  readonly manifestDigest: string;
  readonly os: string;
  readonly architecture: string;
  /** By which the user knew the image that it was made from. */
  readonly sourceName?: string;
  readonly sourceId: string;
  /** NAME=value of its configuration. Default none. */
  readonly variables?: readonly string[];
  /** Its working directory. Default /. */
  readonly workdir?: string;
  /** Names of its layers in the layout, the lowest first: `blobs/sha256/…`. Default none. */
  readonly layers?: readonly string[];
  /** The image of all that its source has, beside it in the layout. Absent: the rest is not in the deposit. */
  readonly remainder?: DepositRemainder;
}

/** An image of the layers of another, and above them the rest of the source. Digests are sha256:… */
export interface DepositRemainder {
  /** Of its configuration. */
  readonly id: string;
  readonly manifestDigest: string;
  /** Names of its layers in the layout, the lowest first: `blobs/sha256/…` */
  readonly layers: readonly string[];
}

/** Bytes that a run left. */
export interface ExpectedContent {
  /** Hexadecimal digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Where the deposit has them: below its `data`. Absent: they are known by their hash alone. */
  readonly at?: string;
  /** Where they have the date of the run: another one has its own there. Absent: nowhere. */
  readonly dates?: readonly DateField[];
}

/** What was at a path after a run. */
export interface ExpectedFile {
  /** C-escaped. */
  readonly path: string;
  readonly type: string;
  /** Twelve bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** C-escaped. */
  readonly linkTarget?: string;
  readonly content?: ExpectedContent;
}

/** How something that was asked of a service was answered once. */
export interface ExpectedStep {
  /** exec '…', or http METHOD PATH */
  readonly name: string;
  /** Exit status, or status of the HTTP answer. Absent: there was no answer. */
  readonly exitStatus?: number;
  readonly stdout: ExpectedContent;
  readonly stderr: ExpectedContent;
}

/** How a run ended once. */
export interface ExpectedSample {
  readonly exitStatus: number;
  readonly stdout: ExpectedContent;
  readonly stderr: ExpectedContent;
  /** In the order of `asked.steps`. Absent: nothing was asked. */
  readonly steps?: readonly ExpectedStep[];
  /** Sorted by path. */
  readonly files: readonly ExpectedFile[];
}

/** A folder that a run sees at a path. */
export interface DepositMount {
  readonly target: string;
  readonly isReadOnly: boolean;
  /** Where the deposit has the folder: below its `data`. Absent: it has no copy. */
  readonly at?: string;
  /** What was in the folder, sorted by path. */
  readonly files: readonly DepositInput[];
}

/** A file that a run could read from a mount. */
export interface DepositInput {
  /** Below the mount. */
  readonly path: string;
  /** Hexadecimal digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Options of docker run that reach nothing beyond the container. */
export interface ReplayOptions {
  readonly workdir?: string;
  readonly user?: string;
  readonly hostname?: string;
  readonly readOnly?: boolean;
  readonly init?: boolean;
  readonly shmSize?: string;
  readonly memory?: string;
  readonly cpus?: string;
  readonly pidsLimit?: string;
  readonly tmpfs?: readonly string[];
  readonly ulimit?: readonly string[];
  readonly groupAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly stopSignal?: string;
}

/** A run, and what is expected of it. */
export interface DepositRun {
  readonly name: string;
  /** Place of its image among those of the deposit, from 0. Default 0. */
  readonly image?: number;
  /** ENTRYPOINT and CMD as they were merged. */
  readonly command: readonly string[];
  readonly options: ReplayOptions;
  /** NAME=value */
  readonly variables: readonly string[];
  readonly mounts: readonly DepositMount[];
  /** Of a command that does not end by itself: what is asked of it before it is stopped. Absent: it ends. */
  readonly asked?: ManifestService;
  /** What was asked of it once, and is not asked again: it ran on the machine of who shrank it. Absent: nothing. */
  readonly notAsked?: readonly string[];
  /** Of its clock: a name of the IANA's. Absent: UTC. */
  readonly timeZone?: string;
  /** Why it cannot be run again from the deposit alone. Absent: it can. */
  readonly notReplayed?: string;
  /** One, or several that differ by chance; none where it cannot be run again. */
  readonly samples: readonly ExpectedSample[];
}

/** Software of which runs used files. */
export interface UsedSoftware {
  readonly name: string;
  /** Places of the images that have it, from 0. Default: all. */
  readonly images?: readonly number[];
  readonly version?: string;
  readonly purls: readonly string[];
}

/** A file of a deposit, below its `data`. */
export interface DepositFile {
  readonly path: string;
  /** Hexadecimal digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** All that the texts of a deposit are made of. */
export interface Deposit {
  readonly metadata: DepositMetadata;
  /** At least one. */
  readonly images: readonly DepositImage[];
  readonly runs: readonly DepositRun[];
  readonly software: readonly UsedSoftware[];
  /** Everything below `data` that is no text of this package. */
  readonly files: readonly DepositFile[];
  /** ISO 8601; the image's. */
  readonly created: string;
  /** Of keepset. */
  readonly toolVersion: string;
  /** By which kind of key it is signed. Absent: it is not. */
  readonly signature?: SignatureKind;
}

/** `Ada Lovelace`, or the name of an organisation. */
export function nameOfAuthor(author: Author): string {
  return 'name' in author ? author.name : [author.givenNames, author.familyNames].filter(Boolean).join(' ');
}

/** `https://orcid.org/…`, whichever way it was written. */
export function orcidUrl(orcid: string): string {
  return `https://orcid.org/${orcid.replace(/^https?:\/\/orcid\.org\//, '')}`;
}

/** Of each image its runs, with their places among all. */
export function runsByImage({ images, runs }: Pick<Deposit, 'images' | 'runs'>): readonly {
  readonly image: DepositImage;
  readonly runs: readonly (readonly [index: number, run: DepositRun])[];
}[] {
  return images.map((image, place) => ({
    image,
    runs: [...runs.entries()].filter(([, run]) => (run.image ?? 0) === place),
  }));
}
