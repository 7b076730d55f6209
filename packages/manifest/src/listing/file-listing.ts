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
  const firstNames = new Set<string>();
  let sizeBytes = 0;
  for (const facts of files.values()) {
    const { hardLinkTo } = facts;
    if (hardLinkTo !== undefined) {
      if (files.has(hardLinkTo) || firstNames.has(hardLinkTo)) continue;
      firstNames.add(hardLinkTo);
    }
    sizeBytes += facts.sizeBytes ?? 0;
  }
  return { paths: files.size, sizeBytes };
}
