import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../options/usage-error.js';

/**
 * Refuse, before a long run, a file that could not be written after it.
 *
 * @param option  as the user wrote it: --manifest
 * @throws UsageError
 */
export function requireWritable(file: string | undefined, option: string): void {
  if (file === undefined) return;
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    const why = (error as { code?: string }).code ?? 'unknown reason';
    throw new UsageError(`${option}: cannot write ${file} (${why})`);
  }
}
