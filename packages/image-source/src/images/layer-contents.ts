import type { EntriesOptions, EntryFacts, SourceEntry } from '../image-source.js';
import type { LayerFacts } from '../layers/read-layer.js';
import type { TarEntry } from '../tar/read-tar.js';
import type { ListedLayers } from './listed-layers.js';

/** A way to the contents of layers. */
export interface LayerContents extends AsyncDisposable {
  /** For the tree: each layer once, the lowest first. */
  list(layer: LayerFacts): AsyncIterable<TarEntry>;
  /** As `ImageSource.entries`. */
  entries(listed: ListedLayers, paths: Iterable<string>, options: EntriesOptions): AsyncIterable<SourceEntry>;
  /** As `ImageSource.describe`, of those whose entries have an order of their own. */
  describe?(listed: ListedLayers, paths: Iterable<string>, options: EntriesOptions): Iterable<EntryFacts>;
}
