import { readFileSync } from 'node:fs';
import { readSigningKey, type SigningKey } from '@keepset/manifest';
import { UsageError } from '../../options/usage-error.js';

/**
 * The text of a file with a key.
 *
 * @param option  by which it was given
 * @throws UsageError
 */
export function readKeyText(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option}: cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** @throws UsageError; ManifestError KEY_INVALID */
export function readKeyFile(file: string | undefined, option: string): SigningKey | undefined {
  return file === undefined ? undefined : readSigningKey(readKeyText(file, option));
}
