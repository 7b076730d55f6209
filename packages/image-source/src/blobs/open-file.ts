import { type FileHandle, open, stat } from 'node:fs/promises';
import { SourceError } from '../source-error.js';

/**
 * Open a file to read it at any place.
 *
 * @throws SourceError SOURCE_NOT_FOUND  it cannot be read; the message says why
 */
export async function openFile(file: string): Promise<FileHandle> {
  try {
    const kind = await stat(file);
    // To open a pipe waits for whoever writes, and from none of these can be read at any place.
    if (kind.isFile() || kind.isDirectory()) return await open(file);
  } catch (cause) {
    const { code = '' } = cause as { code?: string };
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new SourceError('SOURCE_NOT_FOUND', `'${file}': ${why}`, { cause });
  }
  throw new SourceError('SOURCE_NOT_FOUND', `'${file}' is no regular file`, {
    hint: 'What comes from a pipe must be written to a file first.',
  });
}
