export { applyChanges } from './apply-changes.js';
export { buildByRemoval, type RemovalBuildRequest } from './build-by-removal.js';
export { BuildError, type BuildErrorCode } from './build-error.js';
export {
  type BuildRequest,
  type BuiltImage,
  buildImage,
  configureImage,
  type ImageFacts,
} from './build-image.js';
export { buildLayered, type LayeredBuildRequest, type LayerPaths, spoolPaths } from './build-layered.js';
export type { Compression } from './compress-layer.js';
export {
  type BakeTarget,
  type ContextFile,
  type DockerfileRequest,
  toBakeFile,
  toBuildContext,
} from './dockerfile.js';
export { type GeneratedEntry, whiteout } from './generated-entry.js';
export { type ResultFacts, toImageConfig } from './image-config.js';
export { type Layer, sumLayers } from './layer.js';
export {
  type Attach,
  type Attachment,
  type ManifestDescriptor,
  type Referrer,
  toReferrer,
} from './referrer.js';
export type { SpooledLayer } from './spool-layer.js';
export { type Output, type OutputImage, writeOutput } from './write-output.js';
