import { type ImageSource, mergeEntries, type SourceEntry } from '@keepset/image-source';
import { type GeneratedEntry, toSourceEntry } from './generated-entry.js';
import { hashContents, type OnFile } from './hash-contents.js';

/** What a layer holds otherwise than the source does, and who gets the hashes of its files. */
export interface LayerContent {
  /** Those of the paths that go in as empty files, with their name, owner, mode and time. */
  readonly stubs?: ReadonlySet<string>;
  /** What goes in besides, and is not the source's. Default nothing. */
  readonly generated?: readonly GeneratedEntry[];
  /** Called with each file of the source that is read. Hashing them costs time. */
  readonly onFile?: OnFile;
}

/** What a layer is to hold. */
export interface LayerRequest extends LayerContent {
  /** Byte strings, absolute, real. */
  readonly paths: readonly string[];
}

/** The entries of a layer, in the order of their source, and what goes in besides where it belongs by its path. */
export async function* readLayerEntries(
  source: ImageSource,
  { paths, stubs, generated = [], onFile }: LayerRequest,
): AsyncGenerator<SourceEntry> {
  const own = source.entries(paths, { stubs });
  const read = onFile === undefined ? own : hashContents(own, onFile);
  yield* mergeEntries(read, generated.map(toSourceEntry));
}
