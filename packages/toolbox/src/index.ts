export {
  type ArchiveOptions,
  type ImageReader,
  type LinkAnswer,
  openImageReader,
  type ReaderOptions,
} from './image-reader.js';
export { nulSeparated } from './nul-separated.js';
export type { OwnEntry } from './own-entries.js';
export { provideToolbox, type Toolbox, type ToolboxOptions, type ToolboxSource } from './provide-toolbox.js';
export { ToolboxError, type ToolboxErrorCode } from './toolbox-error.js';
export {
  LOADER_VARIABLES,
  quietVariables,
  TOOLBOX_FOLDER,
  type ToolboxProgram,
  toolCommand,
} from './toolbox-layout.js';
