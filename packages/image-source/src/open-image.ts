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
    async *entries(paths, options) {
      yield* readEntries(store, layers, await list(), namesByInode(await list(), paths, options));
    },
    async describe(paths, options) {
      const all: EntryFacts[] = [];
      for (const { names } of namesByInode(await list(), paths, options)) all.push(...names);
      return all.sort((one, other) => (one.path < other.path ? -1 : 1));
    },
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
  readonly names: readonly EntryFacts[];
}

/** By the number of the entry that holds the content. */
type Wanted = Map<number, readonly EntryFacts[]>;

/** One pass over each layer that holds any content of them. */
async function* readEntries(
  store: BlobStore,
  layers: readonly LayerFacts[],
  { inodes }: Listed,
  wanted: Iterable<NamedInode>,
): AsyncGenerator<SourceEntry> {
  // Of each layer mostly one: a file that was linked again in a layer above is two there, with one content.
  const passes = layers.map((): Wanted[] => []);
  for (const { number, names } of wanted) {
    const [{ type, sizeBytes }] = names as [EntryFacts];
    const place = type === 'file' && sizeBytes > 0 ? inodes.placeOf(number) : undefined;
    if (place === undefined) yield* toSourceEntries(names, NOTHING);
    else addTo(passes[place.layer] ?? [], place.entry, names);
  }
  for (const [index, layer] of layers.entries())
    for (const pass of passes[index] ?? []) {
      let number = 0;
      for await (const { content } of readLayer(store, layer)) {
        const explained = () => explaining(content(), nameOf(layer, store));
        yield* toSourceEntries(pass.get(number) ?? [], explained);
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

function addTo(passes: Wanted[], entry: number, names: readonly EntryFacts[]): void {
  const pass = passes.find((wanted) => !wanted.has(entry));
  if (pass === undefined) passes.push(new Map([[entry, names]]));
  else pass.set(entry, names);
}

/**
 * Of names that share an inode the first by its bytes holds it, and the others are linked to it; of pipes and devices
 * each is one of its own, as GNU tar has it, which reads them in engines.
 */
function* namesByInode(
  { tree, inodes }: Listed,
  paths: Iterable<string>,
  { stubs }: EntriesOptions = {},
): Generator<NamedInode> {
  const linked = new Map<string, TreeEntry[]>();
  for (const path of new Set(paths)) {
    const entry = tree.get(path);
    if (entry === undefined) continue;
    const number = inodeNumber(entry);
    const facts = inodes.factsOf(number);
    if (entry.type === 'file' && stubs?.has(path) === true)
      yield { number, names: [{ ...toFacts(entry, facts), sizeBytes: 0, attributes: NO_ATTRIBUTES }] };
    else if (entry.linkCount > 1 && (entry.type === 'file' || entry.type === 'symlink')) {
      const names = linked.get(entry.inode);
      if (names === undefined) linked.set(entry.inode, [entry]);
      else names.push(entry);
    } else yield { number, names: [toFacts(entry, facts)] };
  }
  for (const names of linked.values()) {
    names.sort((one, other) => (one.path < other.path ? -1 : 1));
    const [first] = names as [TreeEntry];
    const number = inodeNumber(first);
    const facts = inodes.factsOf(number);
    yield {
      number,
      names: names.map((name, index) => toFacts(name, facts, index === 0 ? undefined : first.path)),
    };
  }
}

const NO_ATTRIBUTES: EntryFacts['attributes'] = new Map();

function toFacts(
  { inode, linkCount, ...entry }: TreeEntry,
  facts: ReturnType<Inodes['factsOf']>,
  linkTo?: string,
): EntryFacts {
  return { ...entry, ...facts, linkTo };
}

const NOTHING = async function* () {};

function* toSourceEntries(
  names: readonly EntryFacts[],
  content: SourceEntry['content'],
): Generator<SourceEntry> {
  for (const [index, name] of names.entries()) yield { ...name, content: index === 0 ? content : NOTHING };
}

function inodeNumber({ inode }: TreeEntry): number {
  return Number(inode.slice(inode.indexOf(':') + 1));
}
