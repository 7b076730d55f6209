import { type ImageTree, type TreeEntry, toTree } from '@keepset/image-tree';
import type { BlobStore } from './blobs/blob-store.js';
import type { ImageSource, SourceEntry } from './image-source.js';
import { Overlay } from './layers/overlay.js';
import type { Places } from './layers/places.js';
import { explain, type LayerFacts, nameOf, readLayer } from './layers/read-layer.js';
import type { ImageManifest } from './manifests/image-manifest.js';
import type { TarEntry } from './tar/read-tar.js';

/**
 * An image whose manifest was read.
 *
 * @param store  the image's from here on: it is disposed of with it
 */
export function openImage(
  store: BlobStore,
  { id, manifestDigest, config, layers }: ImageManifest,
): ImageSource {
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
    async *entries(paths) {
      yield* readEntries(store, layers, await list(), paths);
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

interface Listed {
  readonly tree: ImageTree;
  readonly places: Places;
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
  return { tree: toTree(overlay.entries()), places: overlay.places };
}

/** Names of one inode, by the number of the entry that holds it. */
type Wanted = Map<number, readonly TreeEntry[]>;

/** One pass over each layer that holds any of them. */
async function* readEntries(
  store: BlobStore,
  layers: readonly LayerFacts[],
  { tree, places }: Listed,
  paths: Iterable<string>,
): AsyncGenerator<SourceEntry> {
  // Of each layer mostly one: a file that was linked again in a layer above is two there, with one content.
  const passes = layers.map((): Wanted[] => []);
  for (const names of namesByInode(tree, paths)) {
    const place = places.at(inodeNumber(names[0] as TreeEntry));
    if (place === undefined) yield* toSourceEntries(names, NOTHING);
    else addTo(passes[place.layer] ?? [], place.entry, names);
  }
  for (const [index, layer] of layers.entries())
    for (const wanted of passes[index] ?? []) {
      let number = 0;
      for await (const entry of readLayer(store, layer)) {
        yield* toSourceEntries(wanted.get(number) ?? [], entry);
        number++;
      }
    }
}

function addTo(passes: Wanted[], entry: number, names: readonly TreeEntry[]): void {
  const pass = passes.find((wanted) => !wanted.has(entry));
  if (pass === undefined) passes.push(new Map([[entry, names]]));
  else pass.set(entry, names);
}

/** Entries that share an inode, sorted as they were asked for. */
function namesByInode(tree: ImageTree, paths: Iterable<string>): Iterable<readonly TreeEntry[]> {
  const inodes = new Map<string, TreeEntry[]>();
  for (const path of new Set(paths)) {
    const entry = tree.get(path);
    if (entry === undefined) continue;
    const names = inodes.get(entry.inode);
    if (names === undefined) inodes.set(entry.inode, [entry]);
    else names.push(entry);
  }
  return inodes.values();
}

type Stored = Pick<TarEntry, 'attributes' | 'device' | 'content'>;

const NOTHING: Stored = { attributes: new Map(), device: [0, 0], content: async function* () {} };

function* toSourceEntries(
  names: readonly TreeEntry[],
  { attributes, device, content }: Stored,
): Generator<SourceEntry> {
  for (const [index, name] of names.entries()) {
    const holds = index === 0 && name.type === 'file';
    yield {
      ...name,
      attributes,
      device,
      linkTo: index === 0 ? undefined : names[0]?.path,
      content: holds ? content : NOTHING.content,
    };
  }
}

function inodeNumber({ inode }: TreeEntry): number {
  return Number(inode.slice(inode.indexOf(':') + 1));
}
