export { type ArchiveEntry, type ArchiveFile, type ArchiveHeader, packArchive } from './archive-entries.js';
export { AsyncDisposableStack } from './async-disposable-stack.js';
export { type ConnectOptions, connectEngine, HISTORY_MARK, ROLE_LABEL } from './connect-engine.js';
export type { ContainerConfig, HostConfig, MountConfig } from './container-config.js';
export type {
  AttachedStreams,
  Container,
  ContainerState,
  Engine,
  EngineDetails,
  EngineInformation,
  ExecOptions,
  ExecProcess,
  ImageConfig,
  ImageDetails,
  PathStat,
  PublishedPort,
} from './engine.js';
export { type AddressSources, type EngineAddress, resolveEngineAddress } from './engine-address.js';
export { EngineError, type EngineErrorCode, engineMessageToError } from './engine-error.js';
export { type ImageReference, parseImageReference, parseTagReference } from './image-reference.js';
export type { OutputChunk } from './multiplexed-output.js';
export type { ProgressRecord } from './progress-records.js';
export type { Registry } from './registry.js';
export {
  type FindCredentials,
  findClientCredentials,
  type RegistryCredentials,
} from './registry-credentials.js';
export { effectiveCommand, type RunOptions, toContainerConfig } from './run-options.js';
export { runProgram, streamProgram } from './run-program.js';
