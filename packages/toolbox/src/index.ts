export { hostArchitecture } from './provide/host-toolbox.js';
export {
  provideToolbox,
  type Toolbox,
  type ToolboxOptions,
  type ToolboxSource,
} from './provide/provide-toolbox.js';
export { type ImageReader, openImageReader, type ReaderOptions } from './reader/image-reader.js';
export type { LinkAnswer } from './reader/link-answer.js';
export { nulSeparated } from './reader/nul-separated.js';
export { COVERED_FOLDERS, COVERED_PATHS, type OwnFolder } from './reader/own-folders.js';
export type { Attributes } from './reader/read-attributes.js';
export { ToolboxError, type ToolboxErrorCode } from './toolbox-error.js';
export {
  isLoaderVariable,
  ownEnvironment,
  TOOLBOX_FOLDER,
  type ToolboxProgram,
  toolCommand,
} from './toolbox-layout.js';
