/** One package of the image. Two mentions of the same package are the same object. */
export interface PackageFiles {
  readonly name: string;
  /** Its files and links that the image has: real paths, byte strings. */
  readonly files: Iterable<string>;
}

/** Whose the files of an image are. */
export interface PackageOwners {
  /** The packages that a file or link belongs to; it may be several, or none. */
  ownersOf(path: string): Iterable<PackageFiles>;
  /** The packages of that name, in every ecosystem; with the ecosystem before it (`deb:libc6`), in that one. */
  named(name: string): Iterable<PackageFiles>;
}
