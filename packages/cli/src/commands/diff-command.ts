import { existsSync, statSync } from 'node:fs';
import { compareRights, type RightChange } from '@keepset/hardening';
import {
  compareListings,
  isManifest,
  type ListingDifference,
  ManifestError,
  readFileListing,
  readHardening,
  readManifestListings,
  sumChanges,
} from '@keepset/manifest';
import type { DIFF } from '../definitions/diff.js';
import type { ImageOptions } from '../images/open-named-image.js';
import { namesSeveral } from '../inputs/manifest-files.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { type TableFormat, tableFormat } from '../options/table-options.js';
import { UsageError } from '../options/usage-error.js';
import { type ComparedResult, printComparedResults } from '../terminal/compared/print-compared-results.js';
import { countOf, type DiffRows, diffCsv, diffJson, diffTables } from '../terminal/compared/print-diff.js';
import type { Console } from '../terminal/console.js';
import { printRights } from '../terminal/rights/print-rights.js';

/** `keepset diff`: needs an engine only for images. */
export async function diffCommand(
  { options, operands: [before, after] }: CommandLineOf<typeof DIFF>,
  console: Console,
): Promise<number | undefined> {
  const { by, depth, limit = ROWS_DEFAULT, 'exit-code': isStatus } = options;
  const format = tableFormat(options);
  const toStatus = (count: number, what: string) => {
    if (!isStatus || count === 0) return undefined;
    console.writeError(`keepset: ${count} ${what} differ\n`);
    return DIFFERENT;
  };
  if (by === 'right') {
    const changes = await rightChanges(before, after);
    await console.writeOut(printRights(changes, format, limit));
    return isStatus && changes.length > 0 ? DIFFERENT : undefined;
  }
  if ([before, after].some((word) => word !== undefined && namesSeveral(word))) {
    const results = await compareSeveral([before, after], options, console);
    return toStatus(await printComparedResults(results, { format, limit }, console), 'results');
  }
  const difference = await compare([before, after], { ...options, times: options.times === true }, console);
  await console.writeOut(print(difference, { format, by, depth, limit }));
  return toStatus(difference.changes.size, 'paths');
}

/** Of each table of the text. */
const ROWS_DEFAULT = 20;

/** The exit status, as that of diff(1). */
const DIFFERENT = 1;

async function rightChanges(before: string, after: string | undefined): Promise<readonly RightChange[]> {
  if (after === undefined)
    throw new UsageError(
      'no other rights given to compare with',
      '--by right compares two manifests or folders.',
    );
  return compareRights(await readHardening(before), await readHardening(after));
}

type Operands = readonly [before: string, after: string | undefined];

/** Fleets, folders or patterns: result by result; of a fleet alone, its last two rounds. */
async function compareSeveral(
  [before, after]: Operands,
  { by, times }: CommandLineOf<typeof DIFF>['options'],
  console: Console,
): Promise<AsyncIterable<ComparedResult>> {
  if (by !== undefined)
    throw new UsageError(
      `--by ${by} is for two results, and there are several`,
      'Name one of the manifests on each side.',
    );
  if (after === undefined) {
    if (statSync(before, { throwIfNoEntry: false })?.isFile() !== true)
      throw new UsageError(
        `nothing given to compare '${before}' with`,
        'Only a fleet can stand alone: its last two rounds are compared.',
      );
    const { compareLastRounds } = await import('./fleet/compare-last-rounds.js');
    return compareLastRounds(before, console);
  }
  const single = [before, after].find((word) => !namesSeveral(word));
  if (single !== undefined)
    throw new UsageError(
      existsSync(single) ? `'${single}' is one, and the other side has several` : `there is no '${single}'`,
      'Compare a fleet or folder with a fleet or folder.',
    );
  const { compareArchives } = await import('./archives/compare-archives.js');
  return compareArchives([before, after], { times: times === true }, console);
}

async function compare(
  [before, after]: Operands,
  options: { readonly times: boolean } & ImageOptions,
  console: Console,
): Promise<ListingDifference> {
  if (after === undefined) {
    if (!existsSync(before) || !(await isManifest(before)))
      throw new UsageError(
        `nothing given to compare '${before}' with`,
        'Only a manifest can stand alone: its result is compared with its source.',
      );
    const { source, result } = await readManifestListings(before);
    return compareListings(source, result, options);
  }
  if (existsSync(before) && existsSync(after))
    return compareListings(await readFileListing(before), await readFileListing(after), options);
  const { compareWithImages } = await import('../images/compare-with-images.js');
  return await compareWithImages([before, after], options, console);
}

interface PrintOptions {
  readonly format: TableFormat;
  readonly by: DiffRows['by'] | undefined;
  readonly depth: number;
  readonly limit: number;
}

function print(difference: ListingDifference, { format, by, depth, limit }: PrintOptions): Iterable<string> {
  if (format === 'json') return diffJson(difference, sumChanges(difference.changes, depth));
  const rowsBy = (kind: DiffRows['by']): DiffRows => {
    if (kind === 'dir') return { by: kind, rows: sumChanges(difference.changes, depth) };
    if (kind === 'path') return { by: kind, rows: difference.changes };
    if (difference.packages === undefined)
      throw new ManifestError('MANIFEST_INVALID', 'one side does not name packages', {
        hint: 'Keep lists do not, nor do manifests of an older keepset: compare by path or dir.',
      });
    return { by: kind, rows: difference.packages };
  };
  if (format === 'csv') return diffCsv(rowsBy(by ?? 'path'));
  const kinds = by === undefined ? (['package', 'path'] as const) : [by];
  const tables = kinds
    .filter((kind) => by !== undefined || kind !== 'package' || difference.packages !== undefined)
    .map(rowsBy)
    .filter((rows) => countOf(rows) > 0);
  return diffTables(difference, tables, limit);
}
