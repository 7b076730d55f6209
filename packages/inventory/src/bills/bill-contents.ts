import type { InstalledPackage } from '../installed-package.js';
import type { OperatingSystem } from '../os-release.js';

/** What a bill of materials is made of: an image, and the packages of which files are in it. */
export interface BillContents {
  /** The image: a name for people, and its digest (`sha256:…`). */
  readonly image: { readonly name: string; readonly digest: string };
  readonly toolVersion: string;
  readonly system: OperatingSystem;
  readonly packages: readonly BillPackage[];
  /** Regular files of the image that no package names. */
  readonly unownedFiles: number;
}

/** A package in a bill of materials, with what is left of it. */
export interface BillPackage {
  readonly package: InstalledPackage;
  /** Its files in the image, as text: C-escaped where they are no text. */
  readonly paths: readonly string[];
  /** Whether a run executed, loaded or read one of them. */
  readonly isUsed: boolean;
}
