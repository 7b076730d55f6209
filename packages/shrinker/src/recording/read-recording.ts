import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ShrinkError } from '../shrink-error.js';
import { RECORDING_NAME, type Recording } from './recording.js';

/** With 10,000 containers, a tenth of it. */
const BYTES_MAX = 256 * 1024 * 1024;

/**
 * Read what was recorded.
 *
 * @param folder  of `keepset record`
 * @throws ShrinkError RECORDING_INVALID
 */
export async function readRecording(folder: string): Promise<Recording> {
  const file = join(folder, RECORDING_NAME);
  try {
    if ((await stat(file)).size > BYTES_MAX) throw new Error('it is too long');
    const text = await readFile(file, 'utf8');
    // Loaded only where it is needed: its library is 10 MB of memory.
    const { parseRecording } = await import('./parse-recording.js');
    return parseRecording(text);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new ShrinkError(
      'RECORDING_INVALID',
      isMissing
        ? `${folder} holds no recording: it has no ${RECORDING_NAME}`
        : `${file} cannot be read: ${(error as Error).message}`,
      { hint: 'Record the command again.' },
    );
  }
}
