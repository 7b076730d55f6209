import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ArchiveFile, Container, Engine, MountConfig } from '@keepset/docker-engine';
import { ToolboxError } from '../toolbox-error.js';
import { TOOLBOX_FOLDER } from '../toolbox-layout.js';
import { readFolderToolbox } from './folder-toolbox.js';
import { readHostToolbox } from './host-toolbox.js';
import { buildToolboxImage, readImageToolbox } from './image-toolbox.js';
import { installToolbox } from './installed-toolbox.js';
import type { ToolboxFiles } from './toolbox-files.js';
import { withoutPreloads } from './without-preloads.js';

/**
 * Where the programs come from: this machine, a toolbox image (built, or named), the package manager of the image in
 * question, a folder, or whichever of the first two serves first.
 */
export type ToolboxSource = 'auto' | 'host' | 'image' | `image=${string}` | 'install' | `dir=${string}`;

/** Where a toolbox comes from. */
export interface ToolboxOptions {
  /** Default auto. */
  readonly source?: ToolboxSource;
  /** What the toolbox image is built from; default: the Dockerfile's own. */
  readonly base?: string;
}

/** A toolbox that lies ready on the engine. */
export interface Toolbox {
  /** The named volume that holds it. */
  readonly volume: string;
  /** sha256 over its files. */
  readonly digest: string;
  /** Mount it read-only in a container. */
  readonly mount: MountConfig;
}

/**
 * Have a toolbox on the engine, in a named volume per digest that is filled once.
 *
 * @param image  id of any image of the architecture: a container of it (never started) takes the files in; the source
 *   `install` works in another one
 * @param architecture  as registries name it
 * @throws ToolboxError TOOLBOX_UNAVAILABLE  no source serves; TOOLBOX_WRONG_ARCHITECTURE
 * @example
 * const toolbox = await provideToolbox(engine, image.id, image.architecture);
 * // Mounted in a container, it makes `toolCommand` work there.
 * toolbox.mount.Target === TOOLBOX_FOLDER // true
 */
export async function provideToolbox(
  engine: Engine,
  image: string,
  architecture: string,
  { source = 'auto', base }: ToolboxOptions = {},
): Promise<Toolbox> {
  requireNative(engine.details.architecture, architecture);
  const files = withoutPreloads(await readToolbox(engine, { image, architecture, source, base }));
  const digest = digestOf(files);
  const volume = `keepset-toolbox-${architecture}-${digest.slice(0, 12)}`;
  const mount: MountConfig = {
    Type: 'volume',
    Source: volume,
    Target: TOOLBOX_FOLDER,
    VolumeOptions: { NoCopy: true },
  };
  await engine.ensureVolume(volume);
  await using container = await engine.createContainer(
    { Image: image, Entrypoint: ['none'], HostConfig: { Mounts: [mount], NetworkMode: 'none' } },
    'toolbox',
  );
  const mark = markOf(digest);
  for (let attempt = 1; (await container.statPath(`${TOOLBOX_FOLDER}/${mark}`)) === undefined; attempt++) {
    await container.putFiles(TOOLBOX_FOLDER, toArchiveFiles(files));
    // Whoever began to fill it, and with what: from now on nobody but the engine's own users can write there.
    if (await holds(container, digest))
      await container.putFiles(TOOLBOX_FOLDER, [{ header: { name: mark, mode: 0o644, mtime: EPOCH } }]);
    else if (attempt === FILL_ATTEMPTS) throw spoilt(volume);
    // Another may fill it at this moment.
    else await delay(attempt * FILL_AGAIN_MILLISECONDS);
  }
  return { volume, digest, mount: { ...mount, ReadOnly: true } };
}

const FILL_ATTEMPTS = 4;
const FILL_AGAIN_MILLISECONDS = 300;

/** Whether the volume holds the files of a digest, and nothing besides that could be loaded or run. */
async function holds(container: Container, digest: string): Promise<boolean> {
  const found = new Map<string, Uint8Array>();
  for await (const { header, content } of (await container.getFiles(TOOLBOX_FOLDER)) ?? []) {
    const name = header.name.split('/').slice(1).join('/');
    const isOurs = header.type === 'file' ? ((header.mode ?? 0) & 0o7777) === FILE_MODE : FOLDERS.has(name);
    if (!isOurs || found.size > FILES_MAX) return false;
    if (header.type === 'file') found.set(name, Buffer.concat(await Array.fromAsync(content)));
  }
  return digestOf(found) === digest;
}

function spoilt(volume: string): ToolboxError {
  return new ToolboxError(
    'TOOLBOX_UNAVAILABLE',
    `the volume ${volume} holds something else than the toolbox`,
    {
      facts: { source: 'volume' },
      hint: `Remove it once nothing uses it: docker volume rm ${volume}`,
    },
  );
}

/** What else the machines of an architecture run by themselves. */
const ALSO_NATIVE: Readonly<Record<string, readonly string[]>> = { amd64: ['386'], arm64: ['arm'] };

function requireNative(engine: string, image: string): void {
  if (engine === image || ALSO_NATIVE[engine]?.includes(image)) return;
  throw new ToolboxError(
    'TOOLBOX_WRONG_ARCHITECTURE',
    `the image is for ${image}, and the engine's machine is ${engine}: its programs run under emulation, where ptrace does not work`,
    {
      facts: { architecture: image, engineArchitecture: engine },
      hint: 'Use an engine on a machine of the architecture of the image.',
    },
  );
}

/** Which toolbox is needed, and from where. */
interface ToolboxRequest {
  readonly image: string;
  readonly architecture: string;
  readonly source: ToolboxSource;
  readonly base: string | undefined;
}

async function readToolbox(
  engine: Engine,
  { image, architecture, source, base }: ToolboxRequest,
): Promise<ToolboxFiles> {
  if (source === 'host') return await readHostToolbox(architecture);
  if (source === 'install') return await installToolbox(engine, image);
  if (source.startsWith('dir=')) return await readFolderToolbox(source.slice('dir='.length));
  if (source.startsWith('image='))
    return await readImageToolbox(engine, source.slice('image='.length), architecture);
  if (source === 'image')
    return await readImageToolbox(engine, await buildToolboxImage(engine, base), architecture);
  try {
    return await readHostToolbox(architecture);
  } catch (hostError) {
    try {
      return await readImageToolbox(engine, await buildToolboxImage(engine, base), architecture);
    } catch (imageError) {
      const reasons = [hostError, imageError].map((error) => (error as Error).message).join('; ');
      throw new ToolboxError('TOOLBOX_UNAVAILABLE', `no toolbox can be had: ${reasons}`, {
        facts: { source: 'auto' },
        hint: 'Install strace, GNU tar, findutils and bash here, or set `source` to `image=REF`, `install` or `dir=PATH`.',
        cause: imageError,
      });
    }
  }
}

function digestOf(files: ToolboxFiles): string {
  const hash = createHash('sha256');
  for (const [name, bytes] of [...files].sort(([one], [other]) => (one < other ? -1 : 1))) {
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/** Written once the contents were found to be those of the digest. A volume without it was left half filled. */
function markOf(digest: string): string {
  return `verified-${digest}`;
}

const EPOCH = new Date(0);
const FILE_MODE = 0o755;
/** Of the volume, its root among them. */
const FOLDERS: ReadonlySet<string> = new Set(['', 'bin', 'bin/', 'lib', 'lib/']);
/** More than any toolbox has. */
const FILES_MAX = 1000;

function* toArchiveFiles(files: ToolboxFiles): Generator<ArchiveFile> {
  const mtime = EPOCH;
  for (const name of ['bin', 'lib']) yield { header: { name, type: 'directory', mode: 0o755, mtime } };
  for (const [name, content] of files) yield { header: { name, mode: FILE_MODE, mtime }, content };
}
