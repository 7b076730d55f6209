import type { Hardening } from '@keepset/hardening';
import type { ImageTree } from '@keepset/image-tree';
import type { GeneratedEntry, Inventory, MetadataPolicy } from '@keepset/inventory';
import type { KeepPlan, KeptPath } from '@keepset/keep-planner';
import type { Masked } from '@keepset/run-comparison';
import type { Verification } from './verification.js';

/** Raised when a reader of older manifests would misunderstand a newer one. */
export const MANIFEST_VERSION = 1;

/** By which one content is known from another. */
export interface ContentDigest {
  /** Hexadecimal digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A path that the first keep list lacked, and without which the result did otherwise. */
export interface Repair {
  /** From 1. */
  readonly round: number;
  /** Name of the run. */
  readonly run: string;
  /** Byte string. */
  readonly path: string;
  readonly reasons: KeptPath['reasons'];
  /** The difference that it mended, for people. */
  readonly because?: string;
}

/** Something in which a run varies by itself. */
export type MaskedInRun = Masked & {
  /** Its name. */
  readonly run: string;
};

/** The image before or after. */
export interface ManifestImage {
  /** As the user named it. */
  readonly reference: string | undefined;
  readonly id: string;
  /** NAME@sha256:… under which registries have it. */
  readonly repositoryDigests?: readonly string[];
  /** sha256:… of its manifest, where it was written as an OCI image. */
  readonly manifestDigest?: string;
  readonly layerDigest?: string;
  readonly sizeBytes: number;
}

/** One traced command. */
export interface ManifestRun {
  readonly name: string;
  /** ENTRYPOINT and CMD as they were merged. */
  readonly command: readonly string[];
  /** Options of docker run, under its own names, but for variables. Absent: none. */
  readonly options?: Readonly<Record<string, string | boolean | readonly string[]>>;
  /** Names of the variables that it was given; their values may be secrets. Absent: none. */
  readonly variables?: readonly string[];
  /** It does not end by itself: it was asked things, and stopped. */
  readonly service?: true;
  /** What was asked of a service, as it can be asked again. Absent in older manifests. */
  readonly asked?: ManifestService;
  readonly exitStatus: number;
  readonly stdout: ContentDigest;
  readonly stderr: ContentDigest;
  /** How a service answered, in order. Absent: nothing was asked. */
  readonly steps?: readonly ManifestStep[];
  /** Of a traced run, as is the next: with a locked keep list nothing is traced. */
  readonly user?: {
    readonly uid: number;
    readonly gid: number;
    readonly supplementaryGids: readonly number[];
  };
  readonly traceLines?: number;
  /** What made what, and what each executed: at most the first 5,000. */
  readonly processes?: readonly ManifestProcess[];
}

/** What is done with a command that does not end by itself, before it is stopped. */
export interface ManifestService {
  /** What was awaited before the first step. Empty: the HEALTHCHECK of the image, or else a port. */
  readonly ready: readonly ManifestReadiness[];
  /** One after the other; also what a crawl found. */
  readonly steps: readonly ManifestQuestion[];
  readonly readySecondsMax?: number;
  readonly stepSecondsMax?: number;
  /** Between the stop signal and SIGKILL. */
  readonly graceSeconds?: number;
  /** Whether the image's HEALTHCHECK has a part in it. Default true. */
  readonly healthCheck?: boolean;
}

/** A sign that a service can be used. */
export type ManifestReadiness =
  | { readonly kind: 'port'; readonly ports: readonly number[] }
  | ({ readonly kind: 'http' } & ManifestRequest)
  /** A regular expression of JavaScript, for a line of its output. */
  | { readonly kind: 'log'; readonly pattern: string }
  | { readonly kind: 'healthy' }
  | { readonly kind: 'seconds'; readonly seconds: number };

/** Something that is asked of a service. */
export type ManifestQuestion =
  | { readonly kind: 'exec'; readonly command: readonly string[] }
  /** For `sh -c` on the machine of who shrank it. */
  | { readonly kind: 'probe'; readonly command: string }
  | ({ readonly kind: 'http' } & ManifestRequest);

/** A request to a port of the container. */
export interface ManifestRequest {
  readonly method: string;
  readonly path: string;
  readonly port?: number;
  /** Which status it must answer with. Default: any from 200 to 399. */
  readonly status?: number;
}

/** Something that was asked of a run while it went on. */
interface ManifestStep {
  /** exec '…', probe '…', or http METHOD PATH */
  readonly name: string;
  /** Exit status, or status of the HTTP answer. */
  readonly status: number;
  readonly stdout: ContentDigest;
  readonly stderr: ContentDigest;
}

/** One process of a traced run. All text is C-escaped. */
export interface ManifestProcess {
  readonly pid: number;
  /** Absent where the trace does not tell. */
  readonly parent?: number;
  /** One after the other; empty: what its parent had executed. */
  readonly programs: readonly { readonly path: string; readonly argv: readonly string[] }[];
}

/** A command that was not traced, and was held against the source as well. */
export interface ManifestCheck {
  readonly name: string;
  readonly command: readonly string[];
  /** Whether it does in the result what it does in the source. */
  readonly same: boolean;
  /** What the result lacks for it, as far as it can be told. Absent: nothing. */
  readonly missing?: readonly string[];
}

/** The record of one shrink. Its JSON form is described by schema/manifest.schema.json. */
export interface Manifest {
  readonly tool: { readonly name: 'keepset'; readonly version: string };
  readonly platform: { readonly os: string; readonly architecture: string };
  readonly source: ManifestImage;
  readonly result: ManifestImage;
  readonly runs: readonly ManifestRun[];
  readonly verified: boolean;
  /** What was compared. Absent in older manifests. */
  readonly verification?: Verification;
  /** Absent: there were none. */
  readonly checks?: readonly ManifestCheck[];
  /** What the first keep list lacked. Absent: nothing was repaired. */
  readonly repairs?: readonly Repair[];
  /** What was not compared, since the command varies in it. Absent: everything was. */
  readonly masked?: readonly MaskedInRun[];
  /** The least rights under which the result does the same. Absent: nobody asked. */
  readonly hardening?: Hardening;
  readonly plan: KeepPlan;
  /** What became of the package databases. Default none. */
  readonly metadata?: MetadataPolicy;
  /** What of the result is not the source's. */
  readonly generated?: readonly GeneratedEntry[];
  readonly tree: ImageTree;
  /** sha256 (hexadecimal digits) of kept files, as far as they are known. */
  readonly digests?: ReadonlyMap<string, string>;
  /** Whose the files are; absent where nobody looked. */
  readonly inventory?: Inventory;
}

/** An entry that keepset wrote. */
export interface ManifestGenerated {
  /** C-escaped, as is `from`. */
  readonly path: string;
  readonly type: 'file' | 'directory';
  readonly sizeBytes: number;
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtimeSeconds: number;
  /** Hexadecimal digits. */
  readonly sha256?: string;
  /** The database of the source that it was made from. */
  readonly from: string;
}
