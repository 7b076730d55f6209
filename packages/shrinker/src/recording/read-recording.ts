import { join } from 'node:path';
import { ShrinkError } from '../shrink-error.js';
import { readRecordedFile } from './read-recorded-file.js';
import { RECORDING_NAME, type Recording } from './recording.js';

const HINT = 'Record the command again.';

/**
 * Read what was recorded.
 *
 * @param folder  of `keepset record`
 * @throws ShrinkError RECORDING_INVALID
 * @example
 * (await readRecording('/tmp/recording')).exitStatus // 0
 */
export async function readRecording(folder: string): Promise<Recording> {
  const file = join(folder, RECORDING_NAME);
  const text = await readRecordedFile(file, {
    missing: `${folder} holds no recording: it has no ${RECORDING_NAME}`,
    hint: HINT,
  });
  // Loaded only where it is needed: its library is 10 MB of memory.
  const { parseRecording } = await import('./parse-recording.js');
  try {
    return parseRecording(text);
  } catch (error) {
    throw new ShrinkError('RECORDING_INVALID', `${file} cannot be read: ${(error as Error).message}`, {
      hint: HINT,
    });
  }
}
