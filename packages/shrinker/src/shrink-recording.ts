import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { toLackingFiles } from './recording/lacking-files.js';
import type { RecordedImage, Recording } from './recording/recording.js';
import { type ShrinkOptions, shrink } from './shrink.js';
import type { ShrinkResult } from './shrink-result.js';
import type { ShrinkStreams } from './trace-options.js';

/** What holds for each of the images. */
export type ShrinkEachOptions = Omit<
  ShrinkOptions,
  'image' | 'runs' | 'from' | 'locked' | 'tags' | 'verify' | 'checks'
>;

/** Which recording, and how each of its images is shrunk. */
export interface ShrinkRecordingOptions extends ShrinkEachOptions {
  /** Of `keepset record`. */
  readonly folder: string;
  readonly recording: Recording;
  /** The names of the result for a source. */
  readonly tagsOf: (image: RecordedImage) => readonly string[];
  /** Called before each shrink. */
  readonly onImage?: (image: RecordedImage) => void;
}

/** What became of one source image. */
export type ShrunkImage =
  | { readonly image: RecordedImage; readonly tags: readonly string[]; readonly result: ShrinkResult }
  /** It is left alone. */
  | { readonly image: RecordedImage; readonly reason: string };

/**
 * Make one small image of each source image of a recording, from all that its containers used. What was recorded is not
 * run again: no result is verified.
 *
 * @throws whatever `shrink` throws; results that were made before stay
 * @example
 * const recording = await readRecording('/tmp/recording');
 * const options = { folder: '/tmp/recording', recording, tagsOf: () => ['app:small'], version: '1' };
 * await Array.fromAsync(shrinkRecording(engine, options, { onOutput() {}, onEvent() {} })) // []
 */
export async function* shrinkRecording(
  engine: Engine,
  { folder, recording, tagsOf, onImage = () => {}, ...options }: ShrinkRecordingOptions,
  streams: ShrinkStreams,
): AsyncGenerator<ShrunkImage> {
  for (const image of recording.images) {
    const reason = await whyLeft(engine, image, recording);
    if (reason !== undefined) {
      yield { image, reason };
      continue;
    }
    onImage(image);
    const tags = tagsOf(image);
    const files = [join(folder, image.traceFile ?? '')];
    const result = await shrink(
      engine,
      {
        ...options,
        from: { files, trust: true, lacking: toLackingFiles(folder, image) },
        tags,
        verify: false,
      },
      streams,
    );
    yield { image, tags, result };
  }
}

/** @returns undefined: all that it needs was seen */
async function whyLeft(
  engine: Engine,
  { id, traceFile }: RecordedImage,
  { untraced }: Recording,
): Promise<string | undefined> {
  const beside = untraced.filter(({ imageId }) => imageId === id);
  const [first] = beside;
  if (first !== undefined)
    return `${beside.length === 1 ? 'a program of it' : `${beside.length} programs of it`} ran untraced: ${first.reason}`;
  if (traceFile === undefined) return 'nothing of it was executed';
  if ((await engine.inspectImage(id)) === undefined) return 'the engine has it no more';
  return undefined;
}
