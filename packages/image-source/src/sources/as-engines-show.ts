import { type ImageTree, type TreeEntry, toTree } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import { COVERED_FOLDERS } from '@keepset/toolbox';
import type { EntriesOptions, EntryFacts, ImageSource, SourceEntry } from '../image-source.js';
import { mergeByPath, mergeEntries } from './merge-by-path.js';
import { isCovered, readShown, type Shown } from './shown.js';
import { sortedPaths } from './sorted-paths.js';

/**
 * An image that no engine has, as an engine would show it: without what engines cover in every container (/etc/hosts,
 * what is below /dev), with the folders that they make for volumes, and with the image's time of creation on folders that
 * they renew. So the same paths of it make the same image, wherever it lies.
 *
 * @param image  the shown one's from here on: it is disposed of with it
 * @example
 * const image = asEnginesShow(await openOciLayout('/tmp/layout'));
 * (await image.tree()).has('/etc/hosts') // false
 */
export function asEnginesShow(image: ImageSource): ImageSource {
  let shown: Promise<ShownImage> | undefined;
  const show = () => {
    shown ??= showImage(image);
    return shown;
  };
  return {
    id: image.id,
    manifestDigest: image.manifestDigest,
    config: image.config,
    tree: async () => (await show()).tree,
    async *entries(paths, options) {
      const { own, made, toShown } = await splitPaths(await show(), paths);
      const others = made.map((entry) => ({ ...entry, content: NOTHING }));
      yield* mergeEntries(mappedEntries(image.entries(own, options), toShown), others);
    },
    ...(image.describe && {
      async describe(paths: Iterable<string>, options?: EntriesOptions) {
        const { own, made, toShown } = await splitPaths(await show(), paths);
        const all = (await image.describe?.(own, options)) ?? [];
        return mergeByPath(mapped(all, toShown), made);
      },
    }),
    [Symbol.asyncDispose]: () => image[Symbol.asyncDispose](),
  };
}

function* mapped<T>(values: Iterable<T>, change: (value: T) => T): Generator<T> {
  for (const value of values) yield change(value);
}

async function* mappedEntries<T>(values: AsyncIterable<T>, change: (value: T) => T): AsyncGenerator<T> {
  for await (const value of values) yield change(value);
}

interface ShownImage {
  readonly tree: ImageTree;
  readonly shown: Shown;
  /** Not the image's. */
  readonly made: ReadonlyMap<string, TreeEntry>;
}

async function showImage(image: ImageSource): Promise<ShownImage> {
  const own = await image.tree();
  const shown = await readShown(image.config, own);
  const isShownFolder = (path: string) => own.get(path)?.type === 'directory';
  // As an engine's reader knows it: see `ImageReader.ownFolders`.
  const hasDevices = isShownFolder('/proc') || isShownFolder('/sys');
  const isVisible = (path: string) => {
    if (path === '/dev') return hasDevices;
    return COVERED_FOLDERS.includes(path) ? isShownFolder(path) : !isCovered(path);
  };
  const needed = ['/etc', ...(hasDevices ? ['/dev'] : []), ...shown.volumes.flatMap(withParents)];
  const made = new Map<string, TreeEntry>();
  for (const path of needed)
    if (!made.has(path) && isVisible(path) && !own.has(path))
      made.set(path, madeFolder(path, made.size + 1, shown));
  function* entries(): Generator<TreeEntry> {
    for (const entry of own.entries()) if (isVisible(entry.path)) yield toRoots(shown.settle(entry));
    yield* made.values();
  }
  return { tree: toTree(entries()), shown, made };
}

/** Engines name no owner of what they cover. */
function toRoots<T extends Pick<EntryFacts, 'path' | 'uid' | 'gid'>>(entry: T): T {
  return COVERED_FOLDERS.includes(entry.path) ? { ...entry, uid: 0, gid: 0 } : entry;
}

function madeFolder(path: string, number: number, { createdSeconds }: Shown): TreeEntry {
  return {
    // By the image's own folders, or by none.
    path: path as RealPath,
    type: 'directory',
    mode: 0o755,
    uid: 0,
    gid: 0,
    sizeBytes: 0,
    mtimeSeconds: createdSeconds,
    // The image's own are of the device 0.
    inode: `1:${number}`,
    linkCount: 1,
  };
}

function withParents(path: string): readonly string[] {
  const paths = [path];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    paths.push(path.slice(0, at));
  return paths;
}

interface SplitPaths {
  /** The image has them. */
  readonly own: readonly string[];
  readonly made: readonly EntryFacts[];
  toShown<T extends EntryFacts>(entry: T): T;
}

async function splitPaths({ tree, shown, made }: ShownImage, paths: Iterable<string>): Promise<SplitPaths> {
  const all = sortedPaths(paths);
  return {
    own: all.filter((path) => tree.has(path) && !made.has(path)),
    made: [...made].flatMap(([path, entry]) => (all.includes(path) ? [{ ...entry, ...NO_FACTS }] : [])),
    toShown(entry) {
      const settled = toRoots(shown.settle(entry));
      return COVERED_FOLDERS.includes(entry.path) ? { ...settled, ...NO_FACTS } : settled;
    },
  };
}

const NO_FACTS: Pick<EntryFacts, 'attributes' | 'device' | 'linkTo' | 'mtimeNanoseconds'> = {
  attributes: new Map(),
  device: [0, 0],
  linkTo: undefined,
  mtimeNanoseconds: 0,
};

const NOTHING: SourceEntry['content'] = async function* () {};
