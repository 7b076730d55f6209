import type { BlobStore } from '../blobs/blob-store.js';
import type { EntriesOptions, SourceEntry } from '../image-source.js';
import { explainContent, type LayerFacts, nameOf, readLayer } from '../layers/read-layer.js';
import type { LayerContents } from './layer-contents.js';
import {
  describeEntries,
  type ListedLayers,
  type NamedInode,
  NOTHING,
  namesByInode,
  toSourceEntries,
} from './listed-layers.js';

/** Layers are read again for what they hold: nothing is written, and nothing held. */
export function streamedContents(store: BlobStore, layers: readonly LayerFacts[]): LayerContents {
  return {
    list: (layer) => readLayer(store, layer),
    entries: (listed, paths, options) => readAgain(store, layers, { listed, paths, options }),
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
}

/** One pass over each layer that holds any content of them. */
async function* readAgain(
  store: BlobStore,
  layers: readonly LayerFacts[],
  { listed, paths, options }: Question,
): AsyncGenerator<SourceEntry> {
  // Of each layer mostly one: a file that was linked again in a layer above is two there, with one content.
  const passes = layers.map((): Wanted[] => []);
  for (const { paths: names, place } of namesByInode(listed, paths, options)) {
    if (place === undefined) yield* toSourceEntries(listed, names, options, NOTHING);
    else addTo(passes[place.layer] ?? [], place.position, names);
  }
  for (const [index, layer] of layers.entries())
    for (const pass of passes[index] ?? [])
      for await (const { position, content } of readLayer(store, layer)) {
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
