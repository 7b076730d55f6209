import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import picomatch from 'picomatch';
import { UsageError } from '../options/usage-error.js';
import { isBelow } from './fleet/is-below.js';
import { jsonFiles } from './read-osv-records.js';

const SPECIAL = /[*?[\]{}()!]/;
const FLEET = /\.ya?ml$/;

/** Manifests that a word names. */
export interface ManifestFiles {
  readonly files: readonly string[];
  /** The folder from which they are called. */
  readonly root: string;
  /** Whether all of them are kept below it: then an index may be. */
  readonly isArchive: boolean;
}

/**
 * Whether a word names a fleet, a folder or a pattern; else it is one manifest, or something else.
 *
 * @example namesSeveral('fleet.yaml') // true where there is such a file
 */
export function namesSeveral(word: string): boolean {
  if (!existsSync(word)) return SPECIAL.test(word);
  return statSync(word).isDirectory() || FLEET.test(word);
}

/**
 * What a manifest is called among those of its place: of a fleet, that is the name of its task.
 *
 * @example nameIn({ root: 'archive' }, 'archive/2026/plots.json') // '2026/plots'
 */
export function nameIn({ root }: Pick<ManifestFiles, 'root'>, file: string): string {
  return relative(root, file).replace(/\.json$/, '');
}

/**
 * The file, the .json files below a folder, those that a pattern names (`**` for any number of folders), or those of a
 * fleet's results, sorted.
 *
 * @param option  that the word is of, for messages
 * @throws UsageError  there is nothing
 */
export async function manifestFiles(word: string, option = '--in'): Promise<ManifestFiles> {
  const found = statSync(word, { throwIfNoEntry: false });
  if (FLEET.test(word)) return await manifestsOfFleet(word, option);
  if (found !== undefined || !SPECIAL.test(word)) {
    const isArchive = found?.isDirectory() ?? false;
    return { files: jsonFiles(word, option), root: isArchive ? word : dirname(word), isArchive };
  }
  const parts = word.split('/');
  const root =
    parts
      .slice(
        0,
        parts.findIndex((part) => SPECIAL.test(part)),
      )
      .join('/') || (word.startsWith('/') ? '/' : '.');
  const isMatch = picomatch(word.replace(/^\.\//, ''), { dot: true });
  const files = (
    statSync(root, { throwIfNoEntry: false }) === undefined
      ? []
      : readdirSync(root, { recursive: true, encoding: 'utf8' })
  )
    .map((name) => join(root, name))
    .filter((name) => isMatch(name) && statSync(name, { throwIfNoEntry: false })?.isFile())
    .sort();
  if (files.length === 0) throw new UsageError(`${option}: no file matches ${word}`);
  return { files, root, isArchive: false };
}

/**
 * Of the tasks of the last round that are done; where no round was run, all that there are.
 *
 * @throws UsageError  it names no folder for them, or there are none
 */
async function manifestsOfFleet(file: string, option: string): Promise<ManifestFiles> {
  // With it comes the client of engines, which nobody else needs.
  const { readFleetFile } = await import('./fleet/fleet-file.js');
  const { doneTasks } = await import('./fleet/done-tasks.js');
  const { results, record } = readFleetFile(file, '.');
  if (results.manifests === undefined)
    throw new UsageError(
      `${option}: ${file} names no folder for manifests`,
      'Add manifests below its results.',
    );
  const placeOf = (name: string) => (isAbsolute(name) ? name : join(dirname(file), name));
  const root = placeOf(results.manifests);
  const tasks = await doneTasks(placeOf(record));
  if (tasks === undefined) return { files: jsonFiles(root, option), root, isArchive: true };
  const files = tasks
    .flatMap(({ manifest }) => (manifest === undefined ? [] : placeOf(manifest)))
    // Whoever writes a record does not say which files of this machine are read.
    .filter((place) => isBelow(place, root) && existsSync(place))
    .sort();
  if (files.length === 0)
    throw new UsageError(
      `${option}: there is no manifest of a result of ${file}`,
      "'keepset fleet status' says what became of its tasks.",
    );
  return { files, root, isArchive: true };
}
