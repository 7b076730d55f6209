import { parseUniqueJson, RepeatedKeyError } from '@keepset/manifest';
import { UsageError } from '../options/usage-error.js';
import { readTextFile } from './read-text-file.js';

/**
 * @param option  that names the file
 * @param hint    what writes such a file
 * @throws UsageError  it cannot be read, is not JSON, or has a key twice in one object
 */
export function readJsonFile(file: string, option: string, hint?: string): unknown {
  const text = readTextFile(file, option);
  try {
    return parseUniqueJson(text);
  } catch (error) {
    const isRepeated = error instanceof RepeatedKeyError;
    throw new UsageError(
      `${option}: ${file} ${isRepeated ? `is ambiguous: ${error.message}` : 'is not JSON'}`,
      hint,
    );
  }
}
