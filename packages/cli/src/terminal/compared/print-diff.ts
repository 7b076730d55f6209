import type {
  FileChange,
  FileFacts,
  FolderChange,
  ListingDifference,
  PackageChange,
} from '@keepset/manifest';
import { printPath } from '@keepset/strace-parser';
import { formatBytes } from '../format-bytes.js';
import { mapEach } from '../lazy-rows.js';
import { signedBytes } from '../signed-bytes.js';
import { csvTable, jsonList, limitedTable } from '../text-table.js';

/** What is compared, a row each. */
export type DiffRows =
  | { readonly by: 'path'; readonly rows: ReadonlyMap<string, FileChange> }
  | { readonly by: 'package'; readonly rows: readonly PackageChange[] }
  | { readonly by: 'dir'; readonly rows: readonly FolderChange[] };

/** A million changes are not held as objects. */
export function countOf({ by, rows }: DiffRows): number {
  return by === 'path' ? rows.size : rows.length;
}

/** Tables of the first `limit` rows, and what it comes to. */
export function* diffTables(
  difference: ListingDifference,
  tables: readonly DiffRows[],
  limit: number,
): Generator<string> {
  for (const table of tables) {
    yield* limitedRows(table, limit);
    yield '\n';
  }
  yield totalsLine(difference);
}

function limitedRows({ by, rows }: DiffRows, limit: number): Iterable<string> {
  switch (by) {
    case 'path':
      return limitedTable(
        PATH_COLUMNS,
        mapEach(rows, ([, change]) => pathCells(change)),
        { count: rows.size, limit },
      );
    case 'package':
      return limitedTable(PACKAGE_COLUMNS, rows.map(packageCells), { count: rows.length, limit });
    case 'dir':
      return limitedTable(FOLDER_COLUMNS, rows.map(folderCells), { count: rows.length, limit });
  }
}

function totalsLine({ before, after, added, removed, changed }: ListingDifference): string {
  const delta = signedBytes(after.sizeBytes - before.sizeBytes);
  return `added ${added.paths}, removed ${removed.paths}, changed ${changed.paths} paths; ${formatBytes(before.sizeBytes)} → ${formatBytes(after.sizeBytes)} (${delta})\n`;
}

const PATH_COLUMNS = [
  { title: 'CHANGE' },
  { title: 'SIZE', isNumber: true },
  { title: 'PATH' },
  { title: 'WHAT' },
];

function pathCells(change: FileChange): readonly string[] {
  return [change.kind, signedBytes(change.deltaBytes), printPath(change.path), aspectsText(change)];
}

function aspectsText({ aspects, before, after }: FileChange): string {
  return aspects
    .map((aspect) => {
      if (aspect === 'mode') return `mode ${octal(before)} → ${octal(after)}`;
      if (aspect === 'owner') return `owner ${before?.uid}:${before?.gid} → ${after?.uid}:${after?.gid}`;
      if (aspect === 'type') return `${before?.type} → ${after?.type}`;
      if (aspect === 'target')
        return `link to ${printPath(before?.linkTarget ?? '')} → ${printPath(after?.linkTarget ?? '')}`;
      return aspect;
    })
    .join(', ');
}

function octal(facts: FileFacts | undefined): string {
  return (facts?.mode ?? 0).toString(8).padStart(4, '0');
}

const PACKAGE_COLUMNS = [
  { title: 'CHANGE' },
  { title: 'SIZE', isNumber: true },
  { title: 'PATHS', isNumber: true },
  { title: 'PACKAGE' },
  { title: 'VERSION' },
];

function packageCells({ kind, deltaBytes, paths, package: name, before, after }: PackageChange) {
  const [from, to] = [before, after].map((side) => side?.versions.join(' ') ?? '');
  const version = from && to && from !== to ? `${from} → ${to}` : to || from || '';
  const count = paths.added + paths.removed + paths.changed;
  return [kind, signedBytes(deltaBytes), String(count), name ?? '(of no package)', version];
}

const FOLDER_COLUMNS = [
  { title: 'SIZE', isNumber: true },
  { title: 'ADDED', isNumber: true },
  { title: 'REMOVED', isNumber: true },
  { title: 'CHANGED', isNumber: true },
  { title: 'FOLDER' },
];

function folderCells({ folder, added, removed, changed, deltaBytes }: FolderChange) {
  return [
    signedBytes(deltaBytes),
    String(added.paths),
    String(removed.paths),
    String(changed.paths),
    printPath(folder),
  ];
}

/** All rows. */
export function diffCsv({ by, rows }: DiffRows): Iterable<string> {
  if (by === 'path') {
    return csvTable(
      ['change', 'path', 'before_bytes', 'after_bytes', 'delta_bytes', 'aspects', 'packages'],
      mapEach(rows, ([path, { kind, before, after, deltaBytes, aspects, packages }]) => [
        kind,
        printPath(path),
        numberCell(before?.sizeBytes),
        numberCell(after?.sizeBytes),
        numberCell(deltaBytes),
        aspects.join(' '),
        packages.join(' '),
      ]),
    );
  }
  if (by === 'package') {
    return csvTable(
      [
        'change',
        'package',
        'before_versions',
        'after_versions',
        'before_bytes',
        'after_bytes',
        'delta_bytes',
        'added_paths',
        'removed_paths',
        'changed_paths',
      ],
      rows.map(({ kind, package: name, before, after, deltaBytes, paths }) => [
        kind,
        name ?? '',
        before?.versions.join(' ') ?? '',
        after?.versions.join(' ') ?? '',
        ...[before?.sizeBytes ?? 0, after?.sizeBytes ?? 0, deltaBytes].map(String),
        ...[paths.added, paths.removed, paths.changed].map(String),
      ]),
    );
  }
  return csvTable(
    [
      'folder',
      'delta_bytes',
      'added_paths',
      'added_bytes',
      'removed_paths',
      'removed_bytes',
      'changed_paths',
    ],
    rows.map(({ folder, deltaBytes, added, removed, changed }) => [
      printPath(folder),
      ...[deltaBytes, added.paths, added.sizeBytes, removed.paths, removed.sizeBytes, changed.paths].map(
        String,
      ),
    ]),
  );
}

function numberCell(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}

/** All that is known, as JSON takes it: paths C-escaped. */
export function* diffJson(
  difference: ListingDifference,
  folders: readonly FolderChange[],
): Generator<string> {
  const { changes, ...sums } = difference;
  const printed = folders.map(({ folder, ...row }) => ({ folder: printPath(folder), ...row }));
  yield `${JSON.stringify({ ...sums, folders: printed }).slice(0, -1)},"changes":`;
  yield* jsonList(
    mapEach(changes, ([path, { path: _, before, after, ...row }]) => ({
      path: printPath(path),
      ...row,
      before: factsJson(before),
      after: factsJson(after),
    })),
  );
  yield '}\n';
}

function factsJson(facts: FileFacts | undefined): object | undefined {
  if (facts === undefined) return undefined;
  const { owners: _, linkTarget, hardLinkTo, ...known } = facts;
  return {
    ...known,
    ...(linkTarget !== undefined && { linkTarget: printPath(linkTarget) }),
    ...(hardLinkTo !== undefined && { hardLinkTo: printPath(hardLinkTo) }),
  };
}
