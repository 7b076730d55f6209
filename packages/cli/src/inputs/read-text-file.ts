import { readFileSync } from 'node:fs';
import { UsageError } from '../options/usage-error.js';

/**
 * A file that an option names.
 *
 * @param option  as the user wrote it: --env-file
 * @throws UsageError
 */
export function readTextFile(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = (error as { code?: string }).code ?? 'unknown reason';
    throw new UsageError(`${option}: cannot read ${file} (${why})`);
  }
}
