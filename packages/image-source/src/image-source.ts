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
   * Some entries, not what is below them, in the order in which they lie in the layers. Layers that hold none of them
   * are not read; others are read to their end, since their digests are checked.
   *
   * @param paths  real ones; those that the image has not are left out
   * @throws SourceError  as `tree`; also at the end, when what was given before is not to be believed
   */
  entries(paths: Iterable<string>): AsyncIterable<SourceEntry>;
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
export interface SourceEntry extends TreeEntry {
  /** Extended attributes by name; byte strings. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Of a device. */
  readonly device: readonly [major: number, minor: number];
  /**
   * Another path that was asked for, and came before this one with the content: this is a hard link to it.
   * Undefined of all others.
   */
  readonly linkTo: string | undefined;
  /** The bytes of a regular file; to be read before the next entry is asked for, or not at all. None of a hard link. */
  content(): AsyncIterable<Uint8Array>;
}
