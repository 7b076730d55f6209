export { BuildError, type BuildErrorCode } from './build-error.js';
export { type BuildRequest, type BuiltImage, buildImage } from './build-image.js';
export { type ResultFacts, toImageConfig } from './image-config.js';
