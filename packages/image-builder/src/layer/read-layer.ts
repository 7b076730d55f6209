import type { ImageReader } from '@keepset/toolbox';
import { type GeneratedEntry, packGenerated } from './generated-entry.js';
import { hashEntries, type OnFile } from './hash-entries.js';

/** What a layer holds otherwise than the source does, and who gets the hashes of its files. */
export interface LayerContent {
  /** Those of the paths that go in as empty files, with their name, owner, mode and time. */
  readonly stubs?: ReadonlySet<string>;
  /** What goes in besides, and is not the source's. Default nothing. */
  readonly generated?: readonly GeneratedEntry[];
  /** Called with each file that is read, but for those that `hashEntries` names. Hashing them costs time. */
  readonly onFile?: OnFile;
}

/** The tar of some paths of a source, and of what goes in besides. */
export function readLayer(
  reader: Pick<ImageReader, 'readArchive'>,
  paths: readonly string[],
  { stubs, onFile, generated = [] }: LayerContent,
): AsyncIterable<Uint8Array> {
  const source = reader.readArchive(paths, stubs && { stubs });
  const archive = generated.length === 0 ? source : withGenerated(generated, source);
  return onFile === undefined ? archive : hashEntries(archive, onFile);
}

/** First, since the end mark that readers expect is behind the source's tar. */
async function* withGenerated(
  generated: readonly GeneratedEntry[],
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield await packGenerated(generated);
  yield* source;
}
