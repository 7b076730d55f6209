import { type FileHandle, open } from 'node:fs/promises';
import { SourceError } from '../source-error.js';

/** @throws SourceError SOURCE_NOT_FOUND  it cannot be read; the message says why */
export async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (cause) {
    const { code = '' } = cause as { code?: string };
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new SourceError('SOURCE_NOT_FOUND', `'${file}': ${why}`, { cause });
  }
}
