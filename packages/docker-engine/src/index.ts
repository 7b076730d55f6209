export { AsyncDisposableStack } from './async-disposable-stack.js';
export { type ConnectOptions, connectEngine } from './connect-engine.js';
export {
  type AddressSources,
  type EngineAddress,
  resolveEngineAddress,
} from './connection/engine-address.js';
export { type SocketOptions, toSocketOptions } from './connection/request-options.js';
export {
  type ArchiveEntry,
  type ArchiveFile,
  type ArchiveHeader,
  packArchive,
} from './containers/archive-entries.js';
export type {
  AttachedStreams,
  Container,
  ContainerState,
  ExecOptions,
  ExecProcess,
  PathStat,
  PublishedPort,
} from './containers/container.js';
export type { ContainerConfig, HostConfig, MountConfig } from './containers/container-config.js';
export { type OutputChunk, readMultiplexedOutput } from './containers/multiplexed-output.js';
export { runProgram, streamProgram } from './containers/run-program.js';
export type { Engine, EngineDetails, EngineInformation } from './engine.js';
export { EngineError, type EngineErrorCode, engineMessageToError } from './engine-error.js';
export type { ImageConfig, ImageDetails } from './images/image-details.js';
export { type ImageReference, parseImageReference, parseTagReference } from './images/image-reference.js';
export type { ListedImage } from './images/list-images.js';
export type { ProgressRecord } from './images/progress-records.js';
export { HISTORY_MARK, OWN_LABELS, OWNER_LABEL, ROLE_LABEL } from './own-marks.js';
export type { PruneOptions } from './prune.js';
export { type Catalogue, openCatalogue } from './registry/open-catalogue.js';
export {
  type ByteRange,
  openRepository,
  type Repository,
  type SentBlob,
  type StoredManifest,
} from './registry/open-repository.js';
export { clientRegistryAccess, type RegistryAccess } from './registry/registry-access.js';
export {
  type FindCredentials,
  findClientCredentials,
  type RegistryCredentials,
  registryOf,
} from './registry/registry-credentials.js';
export { effectiveCommand } from './run-options/effective-command.js';
export type { RunOptions } from './run-options/run-options.js';
export { toContainerConfig } from './run-options/to-container-config.js';
export type { SwarmJob, SwarmTask } from './swarm/swarm-job.js';
