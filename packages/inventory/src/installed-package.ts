/** All that are known, as they are named in questions. */
export const ECOSYSTEMS = [
  'deb',
  'apk',
  'rpm',
  'pypi',
  'conda',
  'r',
  'npm',
  'gem',
  'java',
  'go',
  'rust',
  'perl',
  'texlive',
] as const;

/** Whose rules a package's names and versions follow. */
export type Ecosystem = (typeof ECOSYSTEMS)[number];

/** A package as its own database tells. Text is text; only `database` is a byte string. */
export interface InstalledPackage {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  /** Whole, with epoch and revision where the ecosystem has them: `1:2.36-9+deb12u10`. Empty where it is not told. */
  readonly version: string;
  /** In the ecosystem's own words: amd64, x86_64, noarch. */
  readonly architecture?: string;
  /** What it was built from, where that has a name of its own: Debian's Source, apk's origin, rpm's source package. */
  readonly sourcePackage?: { readonly name: string; readonly version?: string };
  /** Where it came from, as far as it tells: CRAN, conda-forge, a vendor. */
  readonly origin?: string;
  /** As the package has them: SPDX expressions in some ecosystems, free words in others. */
  readonly licenses: readonly string[];
  /** @see the Package URL specification (ECMA-427) */
  readonly purl: string;
  /** The file of the image in which it is entered. Byte string. */
  readonly database: string;
}
