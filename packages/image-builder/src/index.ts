export { buildByRemoval, type RemovalBuildRequest } from './build/build-by-removal.js';
export { type BuildRequest, buildImage } from './build/build-image.js';
export {
  buildLayered,
  type LayeredBuildRequest,
  type LayerPaths,
  spoolPaths,
} from './build/build-layered.js';
export { completePaths } from './build/complete-paths.js';
export { type BuiltImage, configureImage, type ImageFacts } from './build/configure-image.js';
export { BuildError, type BuildErrorCode } from './build-error.js';
export { applyChanges } from './configuration/apply-changes.js';
export { type ResultFacts, toImageConfig } from './configuration/image-config.js';
export { type BakeTarget, toBakeFile } from './dockerfile/bake-file.js';
export { type ContextFile, type DockerfileRequest, toBuildContext } from './dockerfile/build-context.js';
export { type GeneratedEntry, whiteout } from './layer/generated-entry.js';
export type { OnFile } from './layer/hash-contents.js';
export { type Layer, sumLayers } from './layer/layer.js';
export type { LayerContent, LayerRequest } from './layer/layer-entries.js';
export type { SpooledLayer, SpoolPlace } from './layer/spool-layer.js';
export type { Compression } from './output/compress-layer.js';
export { pushReferrer } from './output/push-referrer.js';
export {
  type Attach,
  type Attachment,
  type ManifestDescriptor,
  type Referrer,
  toReferrer,
} from './output/referrer.js';
export { type IndexedImage, type IndexTarget, writeIndex } from './output/write-index.js';
export { type Output, type OutputImage, writeOutput } from './output/write-output.js';
