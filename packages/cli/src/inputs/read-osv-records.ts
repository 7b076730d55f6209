import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type OsvRecord, toOsvRecord } from '@keepset/inventory';
import { UsageError } from '../options/usage-error.js';
import { readJsonFile } from './read-json-file.js';

/**
 * The records of files (one record, or a list of them), and of all .json files below folders.
 *
 * @throws UsageError  the first file that holds something else
 */
export function readOsvRecords(places: readonly string[]): readonly OsvRecord[] {
  return places.flatMap((place) => jsonFiles(place, '--osv')).flatMap(readRecords);
}

function readRecords(file: string): readonly OsvRecord[] {
  const value = readJsonFile(file, '--osv');
  return (Array.isArray(value) ? value : [value]).map((each: unknown, index) => {
    const record = toOsvRecord(each);
    if (record !== undefined) return record;
    const where = Array.isArray(value) ? `item ${index + 1} of ${file}` : file;
    throw new UsageError(
      `--osv: ${where} is not a record of the OSV format`,
      'See https://ossf.github.io/osv-schema/.',
    );
  });
}

/**
 * The file, or the .json files below a folder, sorted.
 *
 * @throws UsageError  there is nothing
 */
export function jsonFiles(place: string, option: string): readonly string[] {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`${option}: there is no ${place}`);
  if (!found.isDirectory()) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(place, name));
}
