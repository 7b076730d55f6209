export { toFolderReader } from './folder-reader.js';
export type { LinkAnswer, LinkReader } from './link-reader.js';
export type { RealPath } from './real-path.js';
export { ResolveError, type ResolveErrorCode } from './resolve-error.js';
export {
  type Resolution,
  type ResolveFailure,
  type ResolveRequest,
  resolvePath,
  resolvePaths,
} from './resolve-paths.js';
