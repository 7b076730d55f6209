import type { ByteRange } from '@keepset/docker-engine';

/** Where the bytes of an image lie, by digest or by name. */
export interface BlobStore extends AsyncDisposable {
  /** For messages: the folder, file or repository. */
  readonly place: string;
  /**
   * The bytes from front to end, as they are; nobody has looked at them.
   *
   * @throws SourceError SOURCE_NOT_FOUND, EngineError REGISTRY_…  by what it returns
   */
  read(name: string): AsyncIterable<Uint8Array>;
  /** Some of the bytes, without those before them; as `read`. */
  readRange(name: string, range: ByteRange): AsyncIterable<Uint8Array>;
  /** The same of a manifest or an index, which registries keep apart. */
  readManifest(name: string): AsyncIterable<Uint8Array>;
}
