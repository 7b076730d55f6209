import type { InstalledPackage } from '@keepset/inventory';

/** What is known of one path; what is not known is undefined. */
export interface FileFacts {
  readonly type: string | undefined;
  /** Of a regular file; 0 for everything else. */
  readonly sizeBytes: number | undefined;
  /** The 12 bits of chmod(2). */
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** Seconds since 1970. */
  readonly mtimeSeconds: number | undefined;
  readonly linkTarget: string | undefined;
  /** The smallest name of the same content, where this is another. */
  readonly hardLinkTo: string | undefined;
  /** Of a regular file's content, in hexadecimal digits. */
  readonly sha256: string | undefined;
  /** Places in the listing's packages. */
  readonly owners: readonly number[];
}

/** The files of an image, of a source, of a result, or of a keep list. Paths are byte strings. */
export interface FileListing {
  readonly files: ReadonlyMap<string, FileFacts>;
  /** Undefined where nobody looked; a package of which a result has nothing has an empty place. */
  readonly packages: readonly (InstalledPackage | undefined)[] | undefined;
}

/** A number of paths with the bytes of their contents. */
export interface PathAmount {
  readonly paths: number;
  readonly sizeBytes: number;
}

interface SizedContent {
  readonly sizeBytes?: number | undefined;
  readonly hardLinkTo?: string | undefined;
}

/** Count paths; what is one content under several names counts once. */
export function amountOf(files: ReadonlyMap<string, SizedContent>): PathAmount {
  const sum = new AmountSum();
  for (const facts of files.values()) sum.add(facts);
  return sum.amount((path) => files.has(path));
}

/** Counts paths as `amountOf` does, without holding them. */
export class AmountSum {
  #paths = 0;
  /** Of contents that have no name before this one. */
  #sizeBytes = 0;
  /** Of the others, by the first name of each. */
  readonly #linkedBytes = new Map<string, number>();

  /** Each path once. */
  add({ sizeBytes = 0, hardLinkTo }: SizedContent): void {
    this.#paths++;
    if (hardLinkTo === undefined) this.#sizeBytes += sizeBytes;
    else this.#linkedBytes.set(hardLinkTo, sizeBytes);
  }

  /** @param isCounted  whether a path was added */
  amount(isCounted: (path: string) => boolean): PathAmount {
    let sizeBytes = this.#sizeBytes;
    for (const [firstName, bytes] of this.#linkedBytes) if (!isCounted(firstName)) sizeBytes += bytes;
    return { paths: this.#paths, sizeBytes };
  }
}
