import {
  amountOf,
  groupPaths,
  type PathGroup,
  type PathGrouping,
  readManifest,
  type StoredManifest,
} from '@keepset/manifest';
import { printPath } from '@keepset/strace-parser';
import type { LS } from '../definitions/ls.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { type TableFormat, tableFormat } from '../options/table-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { formatBytes } from '../terminal/format-bytes.js';
import { formatCount } from '../terminal/format-count.js';
import { csvTable, limitedTable } from '../terminal/text-table.js';

/** `keepset ls`: needs no engine. */
export async function lsCommand(
  { options, operands: [file] }: CommandLineOf<typeof LS>,
  console: Console,
): Promise<undefined> {
  const { by, depth, limit } = options;
  const removed = options.removed === true;
  const format = tableFormat(options);
  if (removed && (by === 'run' || by === 'process'))
    throw new UsageError(`--removed --by ${by}: no run accessed what was removed`);

  const manifest = await readManifest(file);
  const table =
    by === undefined
      ? PATH_PRINTERS[format](pathRows(manifest, removed), limit)
      : GROUP_PRINTERS[format](by, groupPaths(manifest, by, { removed, depth }), limit);
  await console.writeOut(format === 'text' ? `${table}${totalText(manifest, removed)}` : table);
}

/** A content with several names counts once, a path of several groups too. */
function totalText({ entries }: StoredManifest, removed: boolean): string {
  const { paths, sizeBytes } = amountOf(new Map([...entries].filter(([, { isKept }]) => isKept !== removed)));
  return `${formatCount(paths)} paths, ${formatBytes(sizeBytes)}\n`;
}

interface PathRow {
  /** C-escaped, as are the packages no names. */
  readonly path: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly packages: readonly string[];
}

function pathRows({ entries, inventory }: StoredManifest, removed: boolean): readonly PathRow[] {
  const names = inventory?.packages.map(({ ecosystem, name }) => `${ecosystem}:${name}`) ?? [];
  return [...entries]
    .filter(([, { isKept }]) => isKept !== removed)
    .map(([path, { type, sizeBytes, owners }]) => {
      const packages = owners.flatMap((index) => names[index] ?? []);
      return { path: printPath(path), type, sizeBytes, packages };
    })
    .sort((one, other) => other.sizeBytes - one.sizeBytes || (one.path < other.path ? -1 : 1));
}

const PATH_PRINTERS: Readonly<Record<TableFormat, (rows: readonly PathRow[], limit?: number) => string>> = {
  text: (rows, limit) =>
    limitedTable(
      [{ title: 'SIZE', isNumber: true }, { title: 'TYPE' }, { title: 'PATH' }],
      rows.map(({ sizeBytes, type, path }) => [formatBytes(sizeBytes), type, path]),
      limit,
    ),
  json: (rows) => `${JSON.stringify(rows)}\n`,
  csv: (rows) =>
    csvTable(
      ['path', 'type', 'bytes', 'packages'],
      rows.map(({ path, type, sizeBytes, packages }) => [path, type, String(sizeBytes), packages.join(' ')]),
    ),
};

/** What groups without a name are called for people. */
const NAMELESS: Readonly<Record<PathGrouping, string>> = {
  package: '(of no package)',
  dir: '/',
  run: '(options)',
  process: '(options)',
};

const GROUP_PRINTERS: Readonly<
  Record<TableFormat, (by: PathGrouping, rows: readonly PathGroup[], limit?: number) => string>
> = {
  text: (by, rows, limit) =>
    limitedTable(
      [{ title: 'SIZE', isNumber: true }, { title: 'PATHS', isNumber: true }, { title: by.toUpperCase() }],
      rows.map(({ sizeBytes, paths, name }) => [
        formatBytes(sizeBytes),
        String(paths),
        name === undefined ? NAMELESS[by] : printedName(by, name),
      ]),
      limit,
    ),
  json: (by, rows) =>
    `${JSON.stringify(
      rows.map(({ name, ...row }) => ({
        ...(name !== undefined && { [by]: printedName(by, name) }),
        ...row,
      })),
    )}\n`,
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
