import { join } from 'node:path';
import type { KeepOptions } from '../plan/plan-run.js';
import { ShrinkError } from '../shrink-error.js';
import { readRecordedFile } from './read-recorded-file.js';
import { writeWholeJson } from './write-whole.js';

/** The file of a recording that says which small image stands for which source: for scripts. */
export const IMAGES_NAME = 'keepset.images.json';
export const IMAGES_VERSION = 1;

/** How small images were made of what was recorded, so that they can be made in the same way again. */
export interface SmallImageOptions {
  readonly keep?: KeepOptions;
  readonly layers?: 'one' | 'by-package';
  readonly metadata?: 'used' | 'all' | 'none';
  readonly builder?: 'direct' | 'dockerfile';
}

/** The small images of a recording. */
export interface SmallImages {
  readonly images: readonly SmallImage[];
  readonly options: SmallImageOptions;
}

/** What became of one source of a recording. */
export type SmallImage =
  | {
      readonly source: SmallImageSource & { readonly sizeBytes: number };
      readonly result: {
        readonly id: string;
        readonly tags: readonly string[];
        readonly sizeBytes: number;
        /** In the folder. */
        readonly manifest: string;
      };
      readonly verified: boolean;
    }
  /** It was left alone. */
  | { readonly source: SmallImageSource; readonly reason: string };

interface SmallImageSource {
  /** As clients wrote it. */
  readonly references: readonly string[];
  readonly id: string;
}

/**
 * Write down which small image stands for which source, at once.
 *
 * @param folder  of the recording
 * @example
 * const source = { references: ['app:1'], id: `sha256:${'0'.repeat(64)}` };
 * await writeSmallImages('/tmp/recording', { images: [{ source, reason: 'it ran untraced' }], options: {} });
 * (await readSmallImages('/tmp/recording')).images.length // 1
 */
export async function writeSmallImages(folder: string, { images, options }: SmallImages): Promise<void> {
  await writeWholeJson(join(folder, IMAGES_NAME), { imagesVersion: IMAGES_VERSION, options, images });
}

/**
 * Read which small image stands for which source.
 *
 * @param folder  of the recording
 * @throws ShrinkError RECORDING_INVALID
 * @example
 * await writeSmallImages('/tmp/recording', { images: [], options: {} });
 * await readSmallImages('/tmp/recording') // { images: [], options: {} }
 */
export async function readSmallImages(folder: string): Promise<SmallImages> {
  const file = join(folder, IMAGES_NAME);
  const text = await readRecordedFile(file, {
    missing: `${folder} has no small images yet: it has no ${IMAGES_NAME}`,
    hint: 'Make them first: shrink the recording.',
  });
  // Loaded only where it is needed: its library is 10 MB of memory.
  const { parseSmallImages } = await import('./parse-small-images.js');
  try {
    return parseSmallImages(text);
  } catch (error) {
    throw new ShrinkError('RECORDING_INVALID', `${file} cannot be read: ${(error as Error).message}`, {
      hint: 'Make the small images again.',
    });
  }
}
