import { readFile, stat } from 'node:fs/promises';
import { ShrinkError } from '../shrink-error.js';

/** With 10,000 containers, a tenth of it. */
const BYTES_MAX = 256 * 1024 * 1024;

/** What is said of a file that is not there. */
export interface MissingFile {
  readonly missing: string;
  readonly hint: string;
}

/** @throws ShrinkError RECORDING_INVALID  it is not there, or cannot be read */
export async function readRecordedFile(file: string, { missing, hint }: MissingFile): Promise<string> {
  try {
    if ((await stat(file)).size > BYTES_MAX) throw new Error('it is too long');
    return await readFile(file, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = isMissing ? missing : `${file} cannot be read: ${(error as Error).message}`;
    throw new ShrinkError('RECORDING_INVALID', message, { hint });
  }
}
