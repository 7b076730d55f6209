import { type ConnectionOptions, openConnection } from './connection/open-connection.js';
import { readInformation } from './connection/read-information.js';
import { createContainer } from './containers/create-container.js';
import { othersContainer } from './containers/docker-container.js';
import type { Engine } from './engine.js';
import { buildImage } from './images/build-image.js';
import { importLayer } from './images/import-layer.js';
import { inspectImage } from './images/inspect-image.js';
import { listImages } from './images/list-images.js';
import { loadImage } from './images/load-image.js';
import { pullImage } from './images/pull-image.js';
import { pushImage } from './images/push-image.js';
import { removeImage } from './images/remove-image.js';
import { saveImage } from './images/save-image.js';
import { tagImage } from './images/tag-image.js';
import { prune } from './prune.js';
import { openRepository } from './registry/open-repository.js';
import type { RegistryAccess } from './registry/registry-access.js';
import { listSwarmTasks, removeSwarmJob, startSwarmJob } from './swarm/swarm-job.js';
import { ensureVolume, hasVolume, removeVolume } from './volumes.js';

/** Which engine, and how to speak to it. */
export interface ConnectOptions extends ConnectionOptions {
  /** How registries are reached; on pull and push, where the engine reaches them, its credentials. Default: as nobody. */
  readonly registries?: RegistryAccess;
}

/**
 * Connect to an engine and settle on a version of its API.
 *
 * @throws EngineError ENGINE_UNREACHABLE
 * @example
 * const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
 * await using engine = await connectEngine({ address });
 * await engine.inspectImage('no/such:image') // undefined
 */
export async function connectEngine({ registries = {}, ...options }: ConnectOptions): Promise<Engine> {
  const connection = await openConnection(options);
  const { findCredentials } = registries;
  const credentials = findCredentials && { findCredentials };
  return {
    details: connection.details,
    information: () => readInformation(connection),
    inspectImage: (reference) => inspectImage(connection, reference),
    listImages: () => listImages(connection),
    pullImage: (reference, pull) => pullImage(connection, reference, { ...pull, ...credentials }),
    pushImage: (tag) => pushImage(connection, tag, findCredentials),
    openRepository: (name) => openRepository(name, { signal: options.signal, ...registries }),
    loadImage: (archive) => loadImage(connection, archive),
    saveImage: (reference) => saveImage(connection, reference),
    importLayer: (tar) => importLayer(connection, tar),
    buildImage: (context, build) => buildImage(connection, context, build),
    tagImage: (id, tag) => tagImage(connection, id, tag),
    removeImage: (reference) => removeImage(connection, reference),
    createContainer: (config, role) => createContainer(connection, config, role),
    othersContainer: (id) => othersContainer(connection, id),
    ensureVolume: (name, role) => ensureVolume(connection, name, role),
    hasVolume: (name) => hasVolume(connection, name),
    removeVolume: (name) => removeVolume(connection, name),
    startSwarmJob: (job) => startSwarmJob(connection, job, findCredentials),
    listSwarmTasks: (id) => listSwarmTasks(connection, id),
    removeSwarmJob: (id) => removeSwarmJob(connection, id),
    prune: (options) => prune(connection, options),
    [Symbol.asyncDispose]: () => connection.session.removeAll(),
  };
}
