import { ManifestError, parseSharedLayers, type SharedLayers } from '@keepset/manifest';
import { UsageError } from '../../options/usage-error.js';
import { readTextFile } from '../read-text-file.js';

/**
 * @param option  that names the file
 * @throws UsageError  it cannot be read, or is none of `keepset fleet layers`
 */
export function readSharedLayers(file: string, option: string): SharedLayers {
  try {
    return parseSharedLayers(readTextFile(file, option));
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new UsageError(`${option}: ${file}: ${error.message}`, error.hint);
  }
}
