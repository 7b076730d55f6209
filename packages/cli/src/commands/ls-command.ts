import {
  amountOf,
  groupPaths,
  type ImageRecord,
  type PathGroup,
  type PathGrouping,
  readManifest,
  type StoredPath,
} from '@keepset/manifest';
import { printPath } from '@keepset/strace-parser';
import type { LS } from '../definitions/ls.js';
import type { ImageOptions } from '../images/open-named-image.js';
import { isManifestName } from '../inputs/is-manifest-name.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { type TableFormat, tableFormat } from '../options/table-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { formatBytes } from '../terminal/format-bytes.js';
import { formatCount } from '../terminal/format-count.js';
import { mapEach } from '../terminal/lazy-rows.js';
import { csvTable, jsonList, limitedTable } from '../terminal/text-table.js';

/** `keepset ls`: needs an engine only for an image of its own. */
export async function lsCommand(
  { options, operands: [name] }: CommandLineOf<typeof LS>,
  console: Console,
): Promise<undefined> {
  const { by, depth, limit } = options;
  const removed = options.removed === true;
  const format = tableFormat(options);
  if (removed && (by === 'run' || by === 'process'))
    throw new UsageError(`--removed --by ${by}: no run accessed what was removed`);

  const isImage = !isManifestName(name);
  if (isImage && (removed || by === 'run' || by === 'process'))
    throw new UsageError(
      `there is no file '${name}'`,
      `${removed ? '--removed' : `--by ${by}`} needs a manifest: an image does not tell of runs.`,
    );
  const manifest = isImage
    ? await recordOf(name, options, console)
    : await readManifest(name, { side: removed ? 'removed' : 'kept' });
  await console.writeOut(
    by === undefined
      ? PATH_PRINTERS[format](pathRows(manifest), limit)
      : GROUP_PRINTERS[format](by, groupPaths(manifest, by, { removed, depth }), limit),
  );
  if (format === 'text') await console.writeOut(totalText(manifest));
}

async function recordOf(name: string, options: ImageOptions, console: Console): Promise<ImageRecord> {
  const { namedImages } = await import('../images/named-images.js');
  await using images = namedImages(options, console);
  return await images.record(name);
}

/** A content with several names counts once, a path of several groups too. */
function totalText({ entries }: ImageRecord): string {
  const { paths, sizeBytes } = amountOf(entries);
  return `${formatCount(paths)} paths, ${formatBytes(sizeBytes)}\n`;
}

/** A path with its entry, the largest first, and how packages are called. */
interface PathRows {
  readonly entries: Iterable<[path: string, StoredPath]>;
  readonly count: number;
  readonly packageNames: readonly string[];
}

function pathRows({ entries, inventory }: ImageRecord): PathRows {
  const packageNames = inventory?.packages.map(({ ecosystem, name }) => `${ecosystem}:${name}`) ?? [];
  return { entries: entries.largestFirst(), count: entries.size, packageNames };
}

const PATH_PRINTERS: Readonly<Record<TableFormat, (rows: PathRows, limit?: number) => Iterable<string>>> = {
  text: ({ entries, count }, limit) =>
    limitedTable(
      [{ title: 'SIZE', isNumber: true }, { title: 'TYPE' }, { title: 'PATH' }],
      mapEach(entries, ([path, { sizeBytes, type }]) => [formatBytes(sizeBytes), type, printPath(path)]),
      { count, limit },
    ),
  json: ({ entries, packageNames }) =>
    jsonLine(
      mapEach(entries, ([path, { type, sizeBytes, owners }]) => ({
        path: printPath(path),
        type,
        sizeBytes,
        packages: namesAt(owners, packageNames),
      })),
    ),
  csv: ({ entries, packageNames }) =>
    csvTable(
      ['path', 'type', 'bytes', 'packages'],
      mapEach(entries, ([path, { type, sizeBytes, owners }]) => [
        printPath(path),
        type,
        String(sizeBytes),
        namesAt(owners, packageNames).join(' '),
      ]),
    ),
};

function namesAt(places: readonly number[], names: readonly string[]): readonly string[] {
  return places.flatMap((place) => names[place] ?? []);
}

function* jsonLine(rows: Iterable<object>): Generator<string> {
  yield* jsonList(rows);
  yield '\n';
}

/** What groups without a name are called for people. */
const NAMELESS: Readonly<Record<PathGrouping, string>> = {
  package: '(of no package)',
  dir: '/',
  run: '(options)',
  process: '(options)',
};

const GROUP_PRINTERS: Readonly<
  Record<TableFormat, (by: PathGrouping, rows: readonly PathGroup[], limit?: number) => Iterable<string>>
> = {
  text: (by, rows, limit) =>
    limitedTable(
      [{ title: 'SIZE', isNumber: true }, { title: 'PATHS', isNumber: true }, { title: by.toUpperCase() }],
      rows.map(({ sizeBytes, paths, name }) => [
        formatBytes(sizeBytes),
        String(paths),
        name === undefined ? NAMELESS[by] : printedName(by, name),
      ]),
      { count: rows.length, limit },
    ),
  json: (by, rows) =>
    jsonLine(
      rows.map(({ name, ...row }) => ({
        ...(name !== undefined && { [by]: printedName(by, name) }),
        ...row,
      })),
    ),
  csv: (by, rows) =>
    csvTable(
      [by, 'paths', 'bytes'],
      rows.map(({ name, paths, sizeBytes }) => [
        name === undefined ? '' : printedName(by, name),
        String(paths),
        String(sizeBytes),
      ]),
    ),
};

/** Names of packages and runs are text. */
function printedName(by: PathGrouping, name: string): string {
  return by === 'dir' || by === 'process' ? printPath(name) : name;
}
