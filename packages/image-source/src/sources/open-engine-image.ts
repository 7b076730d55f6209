import type { ImageDetails } from '@keepset/docker-engine';
import { type ImageTree, LISTING_FORMAT, readListing, type TreeEntry } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import type { Attributes, ImageReader, OwnFolder } from '@keepset/toolbox';
import type { EntriesOptions, ImageSource, SourceConfig, SourceEntry } from '../image-source.js';
import { NANOSECONDS } from '../tar/read-tar.js';
import { readTarEntries } from '../tar/tar-entries.js';
import { mergeEntries } from './merge-by-path.js';
import { readShown, type Settled, type Shown } from './shown.js';
import { sortedPaths } from './sorted-paths.js';

/** What of a reader is asked. */
export type EngineReader = Pick<
  ImageReader,
  | 'readListing'
  | 'readArchive'
  | 'readAttributes'
  | 'readLinks'
  | 'ownFolders'
  | 'touchedFolders'
  | 'coveredPaths'
>;

/**
 * An image of an engine, through a reader of it. Its entries come sorted, with their bytes, of the paths that are asked
 * for alone.
 *
 * @param reader  stays the caller's
 * @param image   as the engine describes it
 * @example
 * const image = openEngineImage(reader, details);
 * (await image.tree()).get('/etc/debian_version')?.type // 'file'
 */
export function openEngineImage(reader: EngineReader, image: ImageDetails): ImageSource {
  const config = toSourceConfig(image);
  let tree: Promise<ImageTree> | undefined;
  let shown: Promise<Shown> | undefined;
  const show = () => {
    shown ??= readShown(config, reader);
    return shown;
  };
  return {
    id: image.id,
    manifestDigest: undefined,
    config,
    tree() {
      tree ??= show().then((known) => listEngineImage(reader, known));
      return tree;
    },
    async *entries(paths, options) {
      yield* readEntries(reader, await show(), paths, options);
    },
    async [Symbol.asyncDispose]() {},
  };
}

/**
 * What an engine says of an image, as a configuration says it.
 *
 * @example toSourceConfig(details).os // 'linux'
 */
export function toSourceConfig(image: ImageDetails): SourceConfig {
  const { architecture, variant, os, osVersion, author, created, config } = image;
  return {
    architecture,
    os,
    created,
    config,
    ...(variant !== undefined && { variant }),
    ...(osVersion !== undefined && { 'os.version': osVersion }),
    ...(author !== undefined && { author }),
  };
}

/** The tree as the image has it, not as a container of it shows it. */
async function listEngineImage(reader: EngineReader, shown: Shown): Promise<ImageTree> {
  return await readListing(reader.readListing(LISTING_FORMAT), {
    mtimeOf: (entry) => shown.settle(asBeforeStart(reader, entry, shown)).mtimeSeconds,
    add: [...reader.ownFolders].map(
      ([path, folder], index): TreeEntry => ({
        ...toEntry(path, folder, shown.createdSeconds),
        // Of no file system: no other entry can share it.
        inode: `0:${index + 1}`,
        linkCount: 1,
      }),
    ),
  });
}

/** The engine names no owner; they are root's in every image, since it mounts over them. */
function toEntry(path: string, { mode, mtimeSeconds }: OwnFolder, createdSeconds: number) {
  return {
    path: path as RealPath,
    type: 'directory' as const,
    mode,
    uid: 0,
    gid: 0,
    sizeBytes: 0,
    mtimeSeconds: mtimeSeconds ?? createdSeconds,
  };
}

/** Those that a running container shows, by its tar, and between them the others. */
async function* readEntries(
  reader: EngineReader,
  shown: Shown,
  paths: Iterable<string>,
  { stubs = new Set() }: EntriesOptions = {},
): AsyncGenerator<SourceEntry> {
  const isShown = (path: string) =>
    !reader.coveredPaths.some((covered) => path === covered || path.startsWith(`${covered}/`));
  const sorted = sortedPaths(paths);
  const attributes = await reader.readAttributes(sorted.filter((path) => stubs.has(path) && isShown(path)));
  const others: SourceEntry[] = [];
  const whole: string[] = [];
  for (const path of sorted) {
    const stub = attributes.get(path);
    const own = reader.ownFolders.get(path);
    if (stub?.kind === 'f') others.push(toStub(path, stub));
    else if (own !== undefined) others.push({ ...toEntry(path, own, shown.createdSeconds), ...NO_FACTS });
    else if (isShown(path)) whole.push(path);
  }
  yield* mergeEntries(shownEntries(reader, whole, shown), others);
}

async function* shownEntries(
  reader: EngineReader,
  paths: readonly string[],
  shown: Shown,
): AsyncGenerator<SourceEntry> {
  for await (const entry of readWhole(reader, paths)) yield shown.settle(asBeforeStart(reader, entry, shown));
}

function asBeforeStart<T extends Settled>(
  { touchedFolders }: EngineReader,
  entry: T,
  { createdSeconds }: Shown,
): T {
  const folder = entry.type === 'directory' ? touchedFolders.get(entry.path) : undefined;
  if (folder === undefined) return entry;
  const part = entry.mtimeNanoseconds === undefined ? {} : { mtimeNanoseconds: 0 };
  return { ...entry, mtimeSeconds: folder.mtimeSeconds ?? createdSeconds, ...part };
}

const NOTHING: SourceEntry['content'] = async function* () {};
const NO_FACTS: Pick<SourceEntry, 'attributes' | 'device' | 'linkTo' | 'mtimeNanoseconds' | 'content'> = {
  attributes: new Map(),
  device: [0, 0],
  linkTo: undefined,
  mtimeNanoseconds: 0,
  content: NOTHING,
};

function toStub(path: string, { mode, uid, gid, mtime }: Attributes): SourceEntry {
  const [, whole = '0', decimals = ''] = /^(-?[0-9]+)(?:\.([0-9]*))?$/.exec(mtime) ?? [];
  const mtimeNanoseconds = Number(decimals.slice(0, 9).padEnd(9, '0'));
  const mtimeSeconds = Number(whole) + mtimeNanoseconds / NANOSECONDS;
  const facts = { path: path as RealPath, type: 'file' as const, mode, uid, gid, sizeBytes: 0 };
  return { ...facts, ...NO_FACTS, mtimeSeconds, mtimeNanoseconds };
}

async function* readWhole(
  reader: Pick<EngineReader, 'readArchive'>,
  paths: readonly string[],
): AsyncGenerator<SourceEntry> {
  if (paths.length === 0) return;
  const archive = reader.readArchive(paths)[Symbol.asyncIterator]();
  const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => archive };
  try {
    yield* readTarEntries(rest, 'The container was stopped, or the connection was cut: try again.');
    // How the program ended comes behind the end mark.
    for await (const _ of rest);
  } finally {
    await archive.return?.();
  }
}
