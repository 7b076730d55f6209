import { readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import picomatch from 'picomatch';
import { UsageError } from '../options/usage-error.js';
import { jsonFiles } from './read-osv-records.js';

const SPECIAL = /[*?[\]{}()!]/;
const FLEET = /\.ya?ml$/;

/** Manifests that a word names. */
export interface ManifestFiles {
  readonly files: readonly string[];
  /** Where the word is a folder. */
  readonly folder?: string;
}

/**
 * The file, the .json files below a folder, those that a pattern names (`**` for any number of folders), or those of a
 * fleet's results, sorted.
 *
 * @throws UsageError  there is nothing
 */
export async function manifestFiles(named: string): Promise<ManifestFiles> {
  const place = FLEET.test(named) ? await manifestsOfFleet(named) : named;
  const found = statSync(place, { throwIfNoEntry: false });
  if (found !== undefined || !SPECIAL.test(place)) {
    const files = jsonFiles(place, '--in');
    return found?.isDirectory() ? { files, folder: place } : { files };
  }
  const parts = place.split('/');
  const base =
    parts
      .slice(
        0,
        parts.findIndex((part) => SPECIAL.test(part)),
      )
      .join('/') || (place.startsWith('/') ? '/' : '.');
  const isMatch = picomatch(place.replace(/^\.\//, ''), { dot: true });
  const files = (
    statSync(base, { throwIfNoEntry: false }) === undefined
      ? []
      : readdirSync(base, { recursive: true, encoding: 'utf8' })
  )
    .map((name) => join(base, name))
    .filter((name) => isMatch(name) && statSync(name, { throwIfNoEntry: false })?.isFile())
    .sort();
  if (files.length === 0) throw new UsageError(`--in: no file matches ${place}`);
  return { files };
}

/** @throws UsageError  it names no folder for them */
async function manifestsOfFleet(file: string): Promise<string> {
  // With it comes the client of engines, which nobody else needs.
  const { readFleetFile } = await import('./fleet/fleet-file.js');
  const { results } = readFleetFile(file, '.');
  if (results.manifests === undefined)
    throw new UsageError(`--in: ${file} names no folder for manifests`, 'Add manifests below its results.');
  return isAbsolute(results.manifests) ? results.manifests : join(dirname(file), results.manifests);
}
