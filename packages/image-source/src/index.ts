export type {
  EntriesOptions,
  EntryFacts,
  ImageSource,
  SourceConfig,
  SourceEntry,
} from './image-source.js';
export {
  type ChunkedEnd,
  chunkedEnd,
  type PackedText,
  STARGZ_TOC_NAME,
  stargzFooter,
  TOC_KEYS,
} from './layers/toc/toc-end.js';
export { type TocContent, type TocKind, toTocEntries } from './layers/toc/toc-entries.js';
export type { ImageChoice } from './manifests/select-manifest.js';
export { hashContents, readHeads } from './read-contents.js';
export { SourceError, type SourceErrorCode } from './source-error.js';
export { asEnginesShow } from './sources/as-engines-show.js';
export { mergeByPath, mergeEntries } from './sources/merge-by-path.js';
export { type ArchiveChoice, openDockerArchive } from './sources/open-docker-archive.js';
export { type EngineReader, openEngineImage, toSourceConfig } from './sources/open-engine-image.js';
export { type LayoutChoice, openOciArchive, openOciLayout } from './sources/open-oci-layout.js';
export { openRegistryImage, type RegistryChoice } from './sources/open-registry-image.js';
export { openSource, type SourceOptions } from './sources/open-source.js';
export {
  openStoredImages,
  type StoredBlob,
  type StoredImage,
  type StoredImages,
  type StoredManifest,
  type StoredName,
  type StoredReferrer,
} from './sources/open-stored-images.js';
export { parseSourceName, type SourceName } from './sources/parse-source-name.js';
export {
  readTarEntries,
  readTarPlaces,
  type TarPlace,
  toEntryHeader,
  writeTarEntries,
} from './tar/tar-entries.js';
export type { TarFacts } from './tar/write-tar.js';
