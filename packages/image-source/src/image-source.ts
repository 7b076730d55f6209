import type { ImageTree, TreeEntry } from '@keepset/image-tree';

/** An image, wherever it lies: what it is, what it holds, and its bytes. Nothing of it is unpacked to disk. */
export interface ImageSource extends AsyncDisposable {
  /** sha256:… of the configuration: the id by which an engine knows the image. */
  readonly id: string;
  /** sha256:… by which a registry knows it; undefined of an archive that has no manifest of the kind. */
  readonly manifestDigest: string | undefined;
  readonly config: SourceConfig;
  /**
   * Everything that the image holds, as an overlay of its layers shows it; read once.
   *
   * @throws SourceError SOURCE_BAD_LAYER, SOURCE_BAD_DIGEST, SOURCE_TOO_LARGE, SOURCE_NOT_FOUND
   * @throws EngineError REGISTRY_UNREACHABLE and the like, of an image of a registry
   */
  tree(): Promise<ImageTree>;
  /**
   * Some entries, not what is below them, in an order of the source's own. Layers that hold none of them are not read;
   * others are read to their end, since their digests are checked.
   *
   * @param paths  real ones; those that the image has not are left out, or an error
   * @throws SourceError  as `tree`; also at the end, when what was given before is not to be believed
   */
  entries(paths: Iterable<string>, options?: EntriesOptions): AsyncIterable<SourceEntry>;
  /**
   * The same entries without their bytes, by the bytes of their paths; to be gone through once. A source that has no such method knows all of an
   * entry only when its bytes come: its `entries` are by the bytes of their paths.
   */
  describe?(paths: Iterable<string>, options?: EntriesOptions): Promise<Iterable<EntryFacts>>;
}

/** What of some entries is not wanted. */
export interface EntriesOptions {
  /**
   * Those of the paths that come as empty files, with their owner, mode and time, without extended attributes, and never
   * as a hard link. What is no regular file comes as it is. Default none.
   */
  readonly stubs?: ReadonlySet<string> | undefined;
}

/** The configuration of an image, as it stands. @see OCI image specification, "Image Configuration" */
export interface SourceConfig {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly created?: string;
  /** Env, Cmd, Entrypoint, …: what a container of it starts with. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** One entry of an image with what a tree does not hold. */
export interface EntryFacts extends Omit<TreeEntry, 'inode' | 'linkCount'> {
  /** The part of a second in `mtimeSeconds`, which is a double, to the nanosecond. */
  readonly mtimeNanoseconds: number;
  /** Extended attributes by name; byte strings. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Of a device. */
  readonly device: readonly [major: number, minor: number];
  /** Another path that was asked for, and comes before this one: this is a hard link to it. Undefined of all others. */
  readonly linkTo: string | undefined;
}

/** One entry of an image with its bytes. */
export interface SourceEntry extends EntryFacts {
  /** The bytes of a regular file; to be read before the next entry is asked for, or not at all. None of a hard link. */
  content(): AsyncIterable<Uint8Array>;
}
