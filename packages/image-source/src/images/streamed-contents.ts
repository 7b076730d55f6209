import type { BlobStore } from '../blobs/blob-store.js';
import type { EntriesOptions, SourceEntry } from '../image-source.js';
import { explainContent, type LayerFacts, nameOf, readLayer } from '../layers/read-layer.js';
import { type IndexedLayer, openIndexedLayer } from '../layers/toc/indexed-layer.js';
import type { TarEntry } from '../tar/read-tar.js';
import type { LayerContents } from './layer-contents.js';
import {
  describeEntries,
  type ListedLayers,
  type NamedInode,
  NOTHING,
  namesByInode,
  toSourceEntries,
} from './listed-layers.js';

/**
 * Layers are read again for what they hold: nothing is written, and nothing held. Of one with a table of contents only
 * the table is read for the tree, and then what is wanted.
 */
export function streamedContents(store: BlobStore, layers: readonly LayerFacts[]): LayerContents {
  const indexed = new Map<LayerFacts, IndexedLayer>();
  return {
    async *list(layer) {
      const index = await openIndexedLayer(store, layer);
      if (index === undefined) return yield* readLayer(store, layer);
      indexed.set(layer, index);
      for (const entry of index.entries) yield { ...entry, content: NOTHING };
    },
    entries(listed, paths, options) {
      const read = (layer: LayerFacts, wanted: Wanted) =>
        indexed.get(layer)?.contents(wanted) ?? readLayer(store, layer);
      return readAgain(store, layers, { listed, paths, options, read });
    },
    describe: describeEntries,
    async [Symbol.asyncDispose]() {},
  };
}

/** Names by where in the layer their content is: no more of each is held while layers are read. */
type Wanted = Map<number, NamedInode['paths']>;

interface Question {
  readonly listed: ListedLayers;
  readonly paths: Iterable<string>;
  readonly options: EntriesOptions;
  /** What a layer holds, or what is wanted of it. */
  read(layer: LayerFacts, wanted: Wanted): AsyncIterable<Pick<TarEntry, 'position' | 'content'>>;
}

/** One pass over each layer that holds any content of them. */
async function* readAgain(
  store: BlobStore,
  layers: readonly LayerFacts[],
  { listed, paths, options, read }: Question,
): AsyncGenerator<SourceEntry> {
  // Of each layer mostly one: a file that was linked again in a layer above is two there, with one content.
  const passes = layers.map((): Wanted[] => []);
  for (const { paths: names, place } of namesByInode(listed, paths, options)) {
    if (place === undefined) yield* toSourceEntries(listed, names, options, NOTHING);
    else addTo(passes[place.layer] ?? [], place.position, names);
  }
  for (const [index, layer] of layers.entries())
    for (const pass of passes[index] ?? [])
      for await (const { position, content } of read(layer, pass)) {
        const names = pass.get(position);
        if (names === undefined) continue;
        const explained = () => explainContent(content(), nameOf(layer, store));
        yield* toSourceEntries(listed, names, options, explained);
      }
}

function addTo(passes: Wanted[], position: number, names: NamedInode['paths']): void {
  const pass = passes.find((wanted) => !wanted.has(position));
  if (pass === undefined) passes.push(new Map([[position, names]]));
  else pass.set(position, names);
}
