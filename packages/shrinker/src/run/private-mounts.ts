import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import {
  AsyncDisposableStack,
  type Container,
  type ContainerConfig,
  type Engine,
  EngineError,
  type MountConfig,
} from '@keepset/docker-engine';
import { extract, type Header } from 'tar-stream';

export interface PrivateMountsOptions {
  /** Of the source; the originals are mounted in a container of it that never runs. */
  readonly image: string;
  /** What is larger is shared, and cannot be written to. */
  readonly copyBytesMax: number;
  /** Called once for each mount of which runs get no copy. */
  readonly onShared: (target: string, why: 'too large' | 'no folder') => void;
}

/** Gives each run volumes and folders of its own, in the state in which they were before the first run. */
export interface PrivateMounts extends AsyncDisposable {
  /** The engine, of which each new container has its writable mounts to itself. */
  readonly engine: Engine;
  /** Hold the state of a container's mounts as it is now, for whoever gets copies later. */
  hold(config: ContainerConfig): Promise<void>;
}

/** A volume or a folder of the host that a container may write. */
interface WritableMount {
  readonly target: string;
  readonly type: 'volume' | 'bind';
  /** Name of the volume, or the folder. */
  readonly source: string;
  /** Whether the engine makes a folder that is not there. */
  readonly isMade: boolean;
}

/** Where originals are in the container that holds them: no image can know the name. */
const HELD = `/.keepset-mounts-${randomBytes(8).toString('hex')}`;

/**
 * Named volumes and writable folders are copied for each container, through the engine's API: what a run sets up, every
 * other run sets up as well, and nothing of the user's is written. The copy is an anonymous volume, and goes with its
 * container.
 */
export function createPrivateMounts(engine: Engine, options: PrivateMountsOptions): PrivateMounts {
  const opened = new AsyncDisposableStack();
  const holders = new Map<string, Promise<Holder>>();
  const holderOf = (mount: WritableMount): Promise<Holder> => {
    const key = `${mount.type}:${mount.source}`;
    const holder = holders.get(key) ?? holdMount(engine, mount, options, opened);
    holders.set(key, holder);
    return holder;
  };
  return {
    engine: {
      ...engine,
      async createContainer(config, role) {
        const copies: { readonly target: string; readonly holder: Holder }[] = [];
        const replaced = await replaceMounts(config, async (mount) => {
          const holder = await holderOf(mount);
          if (holder.kind === 'folder') copies.push({ target: mount.target, holder });
          return toOwnMount(mount, holder);
        });
        const container = await engine.createContainer(replaced, role);
        try {
          for (const { target, holder } of copies) await holder.copyTo(container, target);
        } catch (error) {
          await container[Symbol.asyncDispose]();
          throw error;
        }
        return container;
      },
    },
    async hold(config) {
      await replaceMounts(config, async (mount) => toOwnMount(mount, await holderOf(mount)));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The state of one mount before the first run. */
interface Holder {
  /** `new`: a volume that is not there yet, or is empty; `shared`: no run gets a copy. */
  readonly kind: 'new' | 'folder' | 'shared';
  copyTo(container: Container, target: string): Promise<void>;
}

const NOTHING_TO_COPY = async () => {};

function toOwnMount({ target, type, source }: WritableMount, { kind }: Holder): MountConfig {
  if (kind === 'shared') return { Type: type, Source: source, Target: target, ReadOnly: true };
  // The engine fills a new volume with what the image has there; not so a folder of the host.
  return {
    Type: 'volume',
    Target: target,
    ...((kind === 'folder' || type === 'bind') && { VolumeOptions: { NoCopy: true } }),
  };
}

async function holdMount(
  engine: Engine,
  mount: WritableMount,
  { image, copyBytesMax, onShared }: PrivateMountsOptions,
  opened: AsyncDisposableStack,
): Promise<Holder> {
  if (mount.type === 'volume' && !(await engine.hasVolume(mount.source)))
    return { kind: 'new', copyTo: NOTHING_TO_COPY };
  const { type, source } = mount;
  const original = await createHolder(engine, image, {
    Type: type,
    Source: source,
    Target: HELD,
    ReadOnly: true,
  })
    .then((container) => opened.use(container))
    .catch((error: unknown) => {
      if (mount.isMade && isNotThere(error)) return undefined;
      throw error;
    });
  // docker run would make the folder.
  if (original === undefined) return { kind: 'new', copyTo: NOTHING_TO_COPY };
  const shared = (why: 'too large' | 'no folder'): Holder => {
    onShared(mount.target, why);
    return { kind: 'shared', copyTo: NOTHING_TO_COPY };
  };
  // A socket, a device, a file: there is no volume that is one.
  if ((await original.statPath(HELD))?.isDirectory !== true) return shared('no folder');
  const snapshot = opened.use(
    await createHolder(engine, image, { Type: 'volume', Target: HELD, VolumeOptions: { NoCopy: true } }),
  );
  const copied = await copyFolder(original, snapshot, { target: HELD, bytesMax: copyBytesMax });
  if (copied === undefined) return shared('too large');
  if (copied.isEmpty && type === 'volume') return { kind: 'new', copyTo: NOTHING_TO_COPY };
  return {
    kind: 'folder',
    async copyTo(container, target) {
      await copyFolder(snapshot, container, { target, bytesMax: Number.POSITIVE_INFINITY });
    },
  };
}

async function createHolder(engine: Engine, image: string, mount: MountConfig): Promise<Container> {
  // It is never started: any command will do.
  const config = { Image: image, Entrypoint: ['none'], Cmd: [], HostConfig: { Mounts: [mount] } };
  return await engine.createContainer(config, 'mounts');
}

/** A tar with nothing but the folder itself is smaller. */
const EMPTY_BYTES_MAX = 10_240;

/** @returns undefined where there are more bytes than wanted */
async function copyFolder(
  from: Container,
  to: Container,
  { target, bytesMax }: { readonly target: string; readonly bytesMax: number },
): Promise<{ readonly isEmpty: boolean } | undefined> {
  const tar = await from.getArchive(`${HELD}/.`);
  if (tar === undefined) return { isEmpty: true };
  let sizeBytes = 0;
  const beginning: Uint8Array[] = [];
  const counted = async function* () {
    for await (const chunk of tar) {
      if (sizeBytes < EMPTY_BYTES_MAX) beginning.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > bytesMax) throw new Error('more than is copied');
      yield chunk;
    }
  };
  try {
    await to.putArchive(target, counted());
  } catch (error) {
    if (sizeBytes > bytesMax) return undefined;
    throw error;
  }
  const [folder, ...others] = await firstHeaders(beginning, 2);
  if (folder !== undefined) await putFolder(to, target, folder);
  return { isEmpty: sizeBytes <= EMPTY_BYTES_MAX && others.length === 0 };
}

/** Of the folder itself, engines unpack what is in it alone. */
async function putFolder(
  container: Container,
  target: string,
  { mode, uid, gid, mtime }: Header,
): Promise<void> {
  const header = { type: 'directory', name: posix.basename(target), mode, uid, gid, mtime } as const;
  try {
    await container.putFiles(posix.dirname(target), [{ header }]);
  } catch (error) {
    // What is above it cannot be written: then it is root's, as the engine made it.
    if (!isReadOnly(error)) throw error;
  }
}

/** @param tar  cut off anywhere */
async function firstHeaders(tar: readonly Uint8Array[], count: number): Promise<readonly Header[]> {
  const headers: Header[] = [];
  const archive = extract();
  Readable.from(tar).pipe(archive);
  try {
    for await (const entry of archive) {
      if (headers.push(entry.header) === count) break;
      entry.resume();
    }
  } catch {
    // It ends within an entry.
  }
  return headers;
}

function isReadOnly(error: unknown): boolean {
  return error instanceof EngineError && /read-only/i.test(error.message);
}

/** Of a folder of the host that is to be mounted. */
function isNotThere(error: unknown): boolean {
  return error instanceof EngineError && /source path does not exist|no such file/i.test(error.message);
}

type Replace = (mount: WritableMount) => Promise<MountConfig>;

/** Each writable mount of a configuration by another; what is read-only, anonymous or in memory stays. */
async function replaceMounts(config: ContainerConfig, replace: Replace): Promise<ContainerConfig> {
  const { Binds = [], Mounts = [], ...rest } = config.HostConfig ?? {};
  const kept: string[] = [];
  const mounts: MountConfig[] = [];
  for (const bind of Binds) {
    const mount = parseBind(bind);
    if (mount === undefined) kept.push(bind);
    else mounts.push(await replace(mount));
  }
  for (const mount of Mounts) {
    const { Type: type, Source: source, Target: target, ReadOnly = false } = mount;
    const isWritable = (type === 'volume' || type === 'bind') && source !== undefined && !ReadOnly;
    mounts.push(isWritable ? await replace({ type, source, target, isMade: false }) : mount);
  }
  return {
    ...config,
    HostConfig: {
      ...rest,
      ...(kept.length > 0 && { Binds: kept }),
      ...(mounts.length > 0 && { Mounts: mounts }),
    },
  };
}

/** SOURCE:TARGET[:OPTIONS]; undefined: nothing can be written there. @see docker-run(1), volume */
function parseBind(bind: string): WritableMount | undefined {
  const [source = '', target = '', options = ''] = bind.split(':');
  if (target === '' || options.split(',').includes('ro')) return undefined;
  return {
    type: source.startsWith('/') ? 'bind' : 'volume',
    source,
    target: posix.normalize(target),
    isMade: true,
  };
}
