import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { streamArchive } from './archive-entries.js';
import type { ContainerConfig } from './container-config.js';
import { isNotFound, toContainer } from './docker-container.js';
import type { Engine, EngineDetails, ImageConfig, ImageDetails } from './engine.js';
import type { EngineAddress } from './engine-address.js';
import { EngineError, toEngineError } from './engine-error.js';
import { parseImageReference } from './image-reference.js';
import { readPodmanHealthCheck } from './podman-health-check.js';
import { type ProgressRecord, readProgressRecords } from './progress-records.js';
import { openRegistry } from './registry.js';
import { type FindCredentials, registryOf } from './registry-credentials.js';
import { createSession } from './session.js';

/** Containers and volumes of keepset's carry this label; its value is the role. */
export const ROLE_LABEL = 'org.keepset.role';
const SESSION_LABEL = 'org.keepset.session';
/** The start of the history entry of every image that keepset builds; how `prune` knows an unnamed one. */
export const HISTORY_MARK = 'keepset ';

/** The newest API this was written for. An older engine is spoken to in its own. */
const API_VERSION_MAX = '1.51';

export interface ConnectOptions {
  readonly address: EngineAddress;
  /** Aborting it ends every request; containers are still removed by disposing of the engine. */
  readonly signal?: AbortSignal;
  /** What registries are shown on pull and push. Default: nothing. */
  readonly findCredentials?: FindCredentials;
  /** As in DOCKER_API_VERSION: speak this version instead of the engine's own. */
  readonly apiVersion?: string;
}

/**
 * Connect to an engine and settle on a version of its API.
 *
 * @throws EngineError ENGINE_UNREACHABLE
 */
export async function connectEngine(options: ConnectOptions): Promise<Engine> {
  const docker = new Docker(dockerodeOptions(options.address));
  const session = createSession(options.signal);
  const { guard } = session;
  const sessionId = randomUUID();

  const version = await guard(`no engine at ${options.address.text}`, () => docker.version());
  const apiVersion = options.apiVersion ?? lowerVersion(version.ApiVersion, API_VERSION_MAX);
  // The types of dockerode leave the field out.
  (docker.modem as { version?: string }).version = `v${apiVersion}`;
  const details: EngineDetails = {
    address: options.address.text,
    host: options.address.host ?? '127.0.0.1',
    version: version.Version,
    isDocker: (version.Components ?? []).some(({ Name }) => Name === 'Engine'),
    apiVersion,
    os: version.Os,
    architecture: version.Arch,
  };

  /** Read a progress stream to its end; nobody may forget its error records. */
  async function drain(
    stream: NodeJS.ReadableStream,
    context: string,
    onRecord?: (record: ProgressRecord) => void,
  ) {
    try {
      for await (const record of readProgressRecords(stream as Readable, context)) onRecord?.(record);
    } catch (error) {
      throw toEngineError(error, context);
    }
  }

  async function* untilAborted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      if (options.signal?.aborted) throw new EngineError('INTERRUPTED', 'interrupted');
      yield chunk;
    }
  }

  async function removeImage(reference: string): Promise<void> {
    await session.outlastRestart(async () => {
      try {
        await docker.getImage(reference).remove();
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode !== 404)
          throw toEngineError(error, `cannot remove image ${reference}`);
      }
    });
  }

  async function removeContainer(id: string): Promise<void> {
    await toContainer(docker.getContainer(id), { createdMs: 0, isDocker: details.isDocker }, session)[
      Symbol.asyncDispose
    ]();
  }

  return {
    details,

    async inspectImage(reference) {
      const context = `cannot inspect image ${reference}`;
      try {
        const image = toImageDetails(
          await guard(context, () => docker.getImage(reference).inspect()),
          details.isDocker,
        );
        if (details.isDocker) return image;
        const unversioned = new Docker(dockerodeOptions(options.address));
        const Healthcheck = await guard(context, () => readPodmanHealthCheck(unversioned, image.id));
        return Healthcheck ? { ...image, config: { ...image.config, Healthcheck } } : image;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },

    async information() {
      const info = (await guard('cannot ask the engine about itself', () => docker.info())) as {
        readonly Driver?: string;
        readonly DockerRootDir?: string;
        readonly KernelVersion?: string;
        readonly OperatingSystem?: string;
        readonly CgroupVersion?: string;
        readonly SecurityOptions?: readonly string[] | null;
        readonly NCPU?: number;
        readonly MemTotal?: number;
      };
      return {
        storageDriver: info.Driver ?? '',
        dataRoot: info.DockerRootDir ?? '',
        kernelVersion: info.KernelVersion ?? '',
        operatingSystem: info.OperatingSystem ?? '',
        cgroupVersion: info.CgroupVersion ?? '1',
        securityOptions: info.SecurityOptions ?? [],
        processors: info.NCPU ?? 0,
        memoryBytes: info.MemTotal ?? 0,
      };
    },

    async pullImage(reference, { platform, onProgress } = {}) {
      const context = `cannot pull ${reference}`;
      const { repository, tag, digest } = parseImageReference(reference);
      // Without a tag the API would pull every one.
      const whole = tag === undefined && digest === undefined ? `${reference}:latest` : reference;
      try {
        const authconfig = await options.findCredentials?.(registryOf(repository));
        const stream = await guard(context, () =>
          docker.pull(whole, {
            ...(platform !== undefined && { platform }),
            ...(authconfig && { authconfig }),
          }),
        );
        session.untilAborted(stream as Readable);
        await drain(stream, context, onProgress);
      } catch (error) {
        const known = toEngineError(error, context);
        if (known.code !== 'ENGINE_FAILED') throw known;
        throw new EngineError(
          'IMAGE_NOT_FOUND',
          `the engine has no image '${reference}', and ${known.message}`,
          {
            hint: "Check the name ('docker images' lists what is there), or that the registry can be reached and you are logged in.",
            cause: known,
          },
        );
      }
    },

    async pushImage({ repository, tag }) {
      const context = `cannot push ${repository}:${tag}`;
      const authconfig = await options.findCredentials?.(registryOf(repository));
      let digest: string | undefined;
      try {
        const stream = await guard(context, () =>
          docker.getImage(repository).push({ tag, ...(authconfig && { authconfig }) }),
        );
        session.untilAborted(stream as Readable);
        await drain(stream, context, (record) => {
          digest ??= record.aux?.Digest;
        });
      } catch (error) {
        const known = toEngineError(error, context);
        if (known.code !== 'ENGINE_FAILED') throw known;
        throw new EngineError('PUSH_FAILED', known.message, {
          hint: `Check that ${registryOf(repository)} can be reached and that you are logged in (docker login).`,
          cause: known,
        });
      }
      if (digest === undefined)
        throw new EngineError('PUSH_FAILED', `${context}: the engine did not say what it pushed`);
      return digest;
    },

    openRegistry: (repository) => openRegistry(repository, options.findCredentials),

    async loadImage(archive) {
      const context = 'the engine could not load the image';
      let id: string | undefined;
      // Not raced against the abort: an archive that was sent whole makes an image, which must be known.
      const stream = await docker
        .loadImage(Readable.from(untilAborted(archive), { objectMode: false }))
        .catch((error) => Promise.reject(toEngineError(error, context)));
      await drain(stream, context, (record) => {
        id ??= /Loaded image(?: ID)?: (sha256:[0-9a-f]{64})/.exec(record.stream ?? '')?.[1];
      });
      if (id === undefined)
        throw new EngineError('ENGINE_FAILED', `${context}: it did not say which image it loaded`);
      return id;
    },

    async importLayer(tar) {
      const context = 'the engine could not take the layer';
      let id: string | undefined;
      // Not raced against the abort, as above.
      const stream = await docker
        .importImage(Readable.from(untilAborted(tar), { objectMode: false }), {
          changes: [`LABEL ${ROLE_LABEL}=layer`],
        })
        .catch((error) => Promise.reject(toEngineError(error, context)));
      await drain(stream, context, (record) => {
        id ??= /^sha256:[0-9a-f]{64}$/.exec(record.status ?? '')?.[0];
      });
      if (id === undefined) throw new EngineError('ENGINE_FAILED', `${context}: it did not say where it is`);
      return id;
    },

    async buildImage(context, { tag, buildArguments, discardSteps = false } = {}) {
      const what = `cannot build ${tag ?? 'an image'}`;
      let id: string | undefined;
      const steps: string[] = [];
      const stream = await guard(what, () =>
        docker.buildImage(Readable.from(streamArchive(context), { objectMode: false }), {
          ...(tag !== undefined && { t: tag }),
          rm: true,
          forcerm: true,
          ...(buildArguments && { buildargs: { ...buildArguments } }),
        }),
      );
      session.untilAborted(stream as Readable);
      try {
        await drain(stream, what, ({ aux, stream: text = '' }) => {
          // Not every engine tells of it in both ways.
          id = aux?.ID ?? /^Successfully built ([0-9a-f]{12,64})\s*$/.exec(text)?.[1] ?? id;
          const step = /^ ---> ([0-9a-f]{12,64})\s*$/.exec(text)?.[1];
          if (step !== undefined) steps.push(step);
        });
      } catch (error) {
        // The first is what the build is from. The last takes those below it along.
        const last = steps.slice(1).at(-1);
        if (discardSteps && last !== undefined) await removeImage(last).catch(() => {});
        throw error;
      }
      const named = id;
      if (named === undefined)
        throw new EngineError('ENGINE_FAILED', `${what}: the engine did not say where it is`);
      return (await guard(what, () => docker.getImage(named).inspect())).Id;
    },

    async tagImage(id, { repository, tag }) {
      await guard(`cannot tag the image ${repository}:${tag}`, () =>
        docker.getImage(id).tag({ repo: repository, tag }),
      );
    },

    removeImage,

    async createContainer(config, role) {
      if (!details.isDocker) refuseProfile(config);
      // Not raced against the abort: a container that was made must be known, so that it can be removed.
      let raw: Docker.Container;
      try {
        if (options.signal?.aborted) throw new EngineError('INTERRUPTED', 'interrupted');
        raw = await docker.createContainer(
          toCreateRequest(config, { [ROLE_LABEL]: role, [SESSION_LABEL]: sessionId }),
        );
      } catch (error) {
        throw toEngineError(error, 'cannot create a container');
      }
      session.keep(raw.id, () => removeContainer(raw.id));
      if (options.signal?.aborted) {
        await removeContainer(raw.id);
        throw new EngineError('INTERRUPTED', 'interrupted');
      }
      const { Created } = await guard('cannot inspect a container', () => raw.inspect());
      return toContainer(raw, { createdMs: Date.parse(Created), isDocker: details.isDocker }, session);
    },

    async ensureVolume(name) {
      await guard(`cannot create volume ${name}`, () =>
        docker.createVolume({ Name: name, Labels: { [ROLE_LABEL]: 'toolbox' } }),
      );
    },

    async removeVolume(name) {
      try {
        await guard(`cannot remove volume ${name}`, () => docker.getVolume(name).remove());
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },

    async prune({ role } = {}) {
      const removed: string[] = [];
      const filters = { label: [role === undefined ? ROLE_LABEL : `${ROLE_LABEL}=${role}`] };
      for (const { Id } of await guard('cannot list containers', () =>
        docker.listContainers({ all: true, filters }),
      )) {
        await removeContainer(Id);
        removed.push(`container ${Id.slice(0, 12)}`);
      }
      const { Volumes } = await guard('cannot list volumes', () => docker.listVolumes({ filters }));
      for (const { Name } of Volumes ?? []) {
        await guard(`cannot remove volume ${Name}`, () => docker.getVolume(Name).remove());
        removed.push(`volume ${Name}`);
      }
      // Images have no role.
      if (role !== undefined) return removed;
      const unnamed = await guard('cannot list images', () =>
        docker.listImages({ filters: { dangling: ['true'] } }),
      );
      for (const { Id, Labels } of unnamed) {
        const [newest] = (await guard('cannot read the history of an image', () =>
          docker.getImage(Id).history(),
        )) as {
          CreatedBy: string;
        }[];
        if (!newest?.CreatedBy.startsWith(HISTORY_MARK) && Labels?.[ROLE_LABEL] === undefined) continue;
        await guard(`cannot remove image ${Id}`, () => docker.getImage(Id).remove());
        removed.push(`image ${Id.slice(7, 19)}`);
      }
      return removed;
    },

    async [Symbol.asyncDispose]() {
      await session.removeAll();
    },
  };
}

/** Podman takes the text of a profile for a file's name, and says that there is none. */
function refuseProfile({ HostConfig }: ContainerConfig): void {
  if (!HostConfig?.SecurityOpt?.some((option) => option.startsWith('seccomp={'))) return;
  throw new EngineError(
    'RUN_OPTION_INVALID',
    '--security-opt seccomp=…: this engine takes no profile through the API',
    {
      hint: "Leave it out for the shrink, or make it the engine's own (seccomp_profile in containers.conf).",
    },
  );
}

/** Every key is there, if without a value: docker-modem would take what is not from DOCKER_HOST and its like. */
function dockerodeOptions(address: EngineAddress): Docker.DockerOptions {
  const { socketPath, protocol, host, port, username, certificates, sshAgent } = address;
  const options = {
    socketPath,
    protocol: protocol ?? 'http',
    host,
    port,
    username,
    pathPrefix: '/',
    ca: certificates?.ca,
    cert: certificates?.cert,
    key: certificates?.key,
    sshOptions: { agent: sshAgent },
  };
  return options as Docker.DockerOptions;
}

function toCreateRequest(
  config: ContainerConfig,
  labels: Record<string, string>,
): Docker.ContainerCreateOptions {
  const { platform, ...body } = config;
  const request = {
    _query: platform === undefined ? {} : { platform },
    _body: { ...body, Labels: { ...body.Labels, ...labels } },
  };
  // dockerode sends `_query` in the address and `_body` as the body; its types do not say so.
  return request as unknown as Docker.ContainerCreateOptions;
}

function toImageDetails(image: Docker.ImageInspectInfo, isDocker: boolean): ImageDetails {
  const more = image as Docker.ImageInspectInfo & { Variant?: string; OsVersion?: string };
  // The containerd store names a driver and says nothing of it.
  const graphDriver = image.GraphDriver as { Data?: unknown } | undefined;
  return {
    id: image.Id,
    architecture: image.Architecture,
    os: image.Os,
    created: image.Created,
    sizeBytes: image.Size,
    diffIds: image.RootFS?.Layers ?? [],
    layersByDiffId: isDocker && (graphDriver?.Data ?? undefined) !== undefined,
    tags: image.RepoTags ?? [],
    repositoryDigests: image.RepoDigests ?? [],
    config: (image.Config ?? {}) as unknown as ImageConfig,
    ...(more.Variant && { variant: more.Variant }),
    ...(more.OsVersion && { osVersion: more.OsVersion }),
    ...(image.Author && { author: image.Author }),
  };
}

function lowerVersion(one: string, other: string): string {
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
  return number(one) < number(other) ? one : other;
}
