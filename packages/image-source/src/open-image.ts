import { type ImageTree, type TreeEntry, toTree } from '@keepset/image-tree';
import type { BlobStore } from './blobs/blob-store.js';
import { withinSizes } from './blobs/within-sizes.js';
import type { EntriesOptions, EntryFacts, ImageSource, SourceEntry } from './image-source.js';
import type { Inodes } from './layers/inodes.js';
import { Overlay } from './layers/overlay.js';
import { explain, type LayerFacts, nameOf, readLayer } from './layers/read-layer.js';
import type { ImageManifest } from './manifests/image-manifest.js';

/**
 * An image whose manifest was read.
 *
 * @param blobs  the image's from here on: it is disposed of with it
 */
export function openImage(
  blobs: BlobStore,
  { id, manifestDigest, config, layers }: ImageManifest,
): ImageSource {
  const store = withinSizes(blobs, layers);
  let listed: Promise<Listed> | undefined;
  const list = () => {
    listed ??= listLayers(store, layers);
    return listed;
  };
  return {
    id,
    manifestDigest,
    config,
    tree: async () => (await list()).tree,
    async *entries(paths, options = {}) {
      yield* readEntries(store, layers, await list(), paths, options);
    },
    describe: async (paths, options = {}) => describeEntries(await list(), paths, options),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

interface Listed {
  readonly tree: ImageTree;
  readonly inodes: Inodes;
}

/** One pass over all layers, the lowest first. */
async function listLayers(store: BlobStore, layers: readonly LayerFacts[]): Promise<Listed> {
  const overlay = new Overlay();
  for (const layer of layers) {
    overlay.beginLayer();
    try {
      for await (const entry of readLayer(store, layer)) overlay.apply(entry);
    } catch (error) {
      throw explain(error, nameOf(layer, store));
    }
  }
  return { tree: toTree(overlay.entries()), inodes: overlay.inodes };
}

/** Names of one inode that were asked for; the first has the content. */
interface NamedInode {
  readonly number: number;
  readonly paths: readonly [string, ...string[]];
}

/** Names by the number of the entry that holds their content: no more of each is held while layers are read. */
type Wanted = Map<number, NamedInode['paths']>;

/** One pass over each layer that holds any content of them. */
async function* readEntries(
  store: BlobStore,
  layers: readonly LayerFacts[],
  listed: Listed,
  paths: Iterable<string>,
  options: EntriesOptions,
): AsyncGenerator<SourceEntry> {
  // Of each layer mostly one: a file that was linked again in a layer above is two there, with one content.
  const passes = layers.map((): Wanted[] => []);
  for (const { number, paths: names } of namesByInode(listed, paths, options)) {
    const { type, sizeBytes } = factsOf(listed, names[0], options);
    const place = type === 'file' && sizeBytes > 0 ? listed.inodes.placeOf(number) : undefined;
    if (place === undefined) yield* toSourceEntries(listed, names, options, NOTHING);
    else addTo(passes[place.layer] ?? [], place.entry, names);
  }
  for (const [index, layer] of layers.entries())
    for (const pass of passes[index] ?? []) {
      let number = 0;
      for await (const { content } of readLayer(store, layer)) {
        const names = pass.get(number);
        if (names !== undefined) {
          const explained = () => explaining(content(), nameOf(layer, store));
          yield* toSourceEntries(listed, names, options, explained);
        }
        number++;
      }
    }
}

/** What a content is found to be while it is read is thrown by it, not by the layer's reader. */
async function* explaining(content: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    throw explain(error, what);
  }
}

/** One after the other, by the bytes of their paths. */
function* describeEntries(
  listed: Listed,
  paths: Iterable<string>,
  options: EntriesOptions,
): Generator<EntryFacts> {
  const all = [...new Set(paths)].sort();
  const linkedTo = new Map<string, string>();
  for (const {
    paths: [first, ...others],
  } of namesByInode(listed, all, options))
    for (const other of others) linkedTo.set(other, first);
  for (const path of all) if (listed.tree.has(path)) yield factsOf(listed, path, options, linkedTo.get(path));
}

function addTo(passes: Wanted[], entry: number, names: NamedInode['paths']): void {
  const pass = passes.find((wanted) => !wanted.has(entry));
  if (pass === undefined) passes.push(new Map([[entry, names]]));
  else pass.set(entry, names);
}

/**
 * Of names that share an inode the first by its bytes holds it, and the others are linked to it; of pipes and devices
 * each is one of its own, as GNU tar has it, which reads them in engines.
 */
function* namesByInode(
  { tree }: Listed,
  paths: Iterable<string>,
  { stubs }: EntriesOptions,
): Generator<NamedInode> {
  const linked = new Map<number, [string, ...string[]]>();
  for (const path of new Set(paths)) {
    const entry = tree.get(path);
    if (entry === undefined) continue;
    const { type, linkCount } = entry;
    const number = inodeNumber(entry);
    const names = linked.get(number);
    const isStub = type === 'file' && stubs?.has(path) === true;
    if (isStub || linkCount === 1 || !(type === 'file' || type === 'symlink'))
      yield { number, paths: [path] };
    else if (names === undefined) linked.set(number, [path]);
    else names.push(path);
  }
  for (const [number, names] of linked) yield { number, paths: names.sort() };
}

const NO_ATTRIBUTES: EntryFacts['attributes'] = new Map();

/** @param path  one that the image has */
function factsOf(
  { tree, inodes }: Listed,
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

const NOTHING = async function* () {};

function* toSourceEntries(
  listed: Listed,
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
