import { type ImageTree, type TreeEntry, toTree } from '@keepset/image-tree';
import type { BlobStore } from '../blobs/blob-store.js';
import type { EntriesOptions, EntryFacts, SourceEntry } from '../image-source.js';
import type { Inodes, Place } from '../layers/inodes.js';
import { Overlay } from '../layers/overlay.js';
import { explain, type LayerFacts, nameOf } from '../layers/read-layer.js';
import { sortedPaths } from '../sources/sorted-paths.js';
import type { TarEntry } from '../tar/read-tar.js';

/** What the layers of an image hold together, and where. */
export interface ListedLayers {
  readonly tree: ImageTree;
  readonly inodes: Inodes;
}

/**
 * One pass over all layers.
 *
 * @param layers  the lowest first
 * @param read    the entries of one
 * @throws SourceError  as `readLayer`
 */
export async function listLayers<L extends LayerFacts>(
  store: BlobStore,
  layers: readonly L[],
  read: (layer: L) => AsyncIterable<TarEntry>,
): Promise<ListedLayers> {
  const overlay = new Overlay();
  for (const layer of layers) {
    overlay.beginLayer();
    try {
      for await (const entry of read(layer)) overlay.apply(entry);
    } catch (error) {
      throw explain(error, nameOf(layer, store));
    }
  }
  return { tree: toTree(overlay.entries()), inodes: overlay.inodes };
}

/** Names of one inode that were asked for; the first has the content. */
export interface NamedInode {
  readonly paths: readonly [string, ...string[]];
  /** Of the content; undefined where there is none. */
  readonly place: Place | undefined;
}

/**
 * Of names that share an inode the first by its bytes holds it, and the others are linked to it; of pipes and devices
 * each is one of its own, as GNU tar has it, which reads them in engines.
 */
export function* namesByInode(
  listed: ListedLayers,
  paths: Iterable<string>,
  { stubs }: EntriesOptions,
): Generator<NamedInode> {
  const linked = new Map<number, [string, ...string[]]>();
  for (const path of sortedPaths(paths)) {
    const entry = listed.tree.get(path);
    if (entry === undefined) continue;
    const { type, linkCount } = entry;
    const isStub = type === 'file' && stubs?.has(path) === true;
    if (isStub || linkCount === 1 || !(type === 'file' || type === 'symlink')) {
      yield { paths: [path], place: isStub ? undefined : placeOf(listed, entry) };
      continue;
    }
    const names = linked.get(inodeNumber(entry));
    if (names === undefined) linked.set(inodeNumber(entry), [path]);
    else names.push(path);
  }
  for (const names of linked.values())
    yield { paths: names, place: placeOf(listed, listed.tree.get(names[0]) as TreeEntry) };
}

function placeOf({ inodes }: ListedLayers, entry: TreeEntry): Place | undefined {
  return entry.type === 'file' && entry.sizeBytes > 0 ? inodes.placeOf(inodeNumber(entry)) : undefined;
}

/** One after the other, by the bytes of their paths. */
export function* describeEntries(
  listed: ListedLayers,
  paths: Iterable<string>,
  options: EntriesOptions,
): Generator<EntryFacts> {
  for (const [facts] of placedEntries(listed, paths, options)) yield facts;
}

/** The same, each with the place of its content. */
export function* placedEntries(
  listed: ListedLayers,
  paths: Iterable<string>,
  options: EntriesOptions,
): Generator<readonly [facts: EntryFacts, place: Place | undefined]> {
  const all = sortedPaths(paths);
  const linkedTo = new Map<string, string>();
  for (const {
    paths: [first, ...others],
  } of namesByInode(listed, all, options))
    for (const other of others) linkedTo.set(other, first);
  for (const path of all) {
    const entry = listed.tree.get(path);
    if (entry === undefined) continue;
    const facts = factsOf(listed, path, options, linkedTo.get(path));
    yield [facts, facts.linkTo === undefined && facts.sizeBytes > 0 ? placeOf(listed, entry) : undefined];
  }
}

const NO_ATTRIBUTES: EntryFacts['attributes'] = new Map();

/** @param path  one that the image has */
function factsOf(
  { tree, inodes }: ListedLayers,
  path: string,
  { stubs }: EntriesOptions,
  linkTo?: string,
): EntryFacts {
  const found = tree.get(path) as TreeEntry;
  const { inode, linkCount, ...entry } = found;
  const facts = { ...entry, ...inodes.factsOf(inodeNumber(found)), linkTo };
  if (entry.type !== 'file' || stubs?.has(path) !== true) return facts;
  return { ...facts, sizeBytes: 0, attributes: NO_ATTRIBUTES };
}

export const NOTHING: SourceEntry['content'] = async function* () {};

/** The names of an inode as entries; the first has the content. */
export function* toSourceEntries(
  listed: ListedLayers,
  paths: NamedInode['paths'],
  options: EntriesOptions,
  content: SourceEntry['content'],
): Generator<SourceEntry> {
  for (const [index, path] of paths.entries()) {
    const facts = factsOf(listed, path, options, index === 0 ? undefined : paths[0]);
    yield { ...facts, content: index === 0 ? content : NOTHING };
  }
}

function inodeNumber({ inode }: TreeEntry): number {
  return Number(inode.slice(inode.indexOf(':') + 1));
}
