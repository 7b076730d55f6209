import { printPath } from '@keepset/strace-parser';
import type { StoredManifest } from '../record/read-manifest.js';
import { verdictOf } from '../record/verification.js';
import { usageOf } from '../usage/manifest-usage.js';

/** What a column holds. */
export type ColumnType = 'text' | 'integer' | 'flag';

/** A value of a column; null: nobody knows. */
export type Cell = string | number | boolean | null;

/**
 * The tables of an archive of manifests, with their columns. Each row tells in `manifest` which one it is of. Byte strings
 * are shown as in manifests, C-escaped.
 */
export const TABLES = {
  /** A result, and whether it was verified. */
  results: {
    manifest: 'text',
    source: 'text',
    source_id: 'text',
    source_bytes: 'integer',
    result: 'text',
    result_id: 'text',
    result_bytes: 'integer',
    verdict: 'text',
    os: 'text',
    architecture: 'text',
    system: 'text',
  },
  /** A command that was traced; its words as JSON. */
  runs: { manifest: 'text', run: 'text', command: 'text', exit_status: 'integer', service: 'flag' },
  /** A package of the source: all of its files, those in the result, and those that runs used. */
  packages: {
    manifest: 'text',
    ecosystem: 'text',
    name: 'text',
    version: 'text',
    architecture: 'text',
    source_package: 'text',
    purl: 'text',
    installed_files: 'integer',
    installed_bytes: 'integer',
    kept_files: 'integer',
    kept_bytes: 'integer',
    used_files: 'integer',
    used_bytes: 'integer',
  },
  /** An entry of the result, or, where they are wanted, also of the source; its packages by their names, as JSON. */
  files: {
    manifest: 'text',
    path: 'text',
    type: 'text',
    bytes: 'integer',
    kept: 'flag',
    mode: 'integer',
    uid: 'integer',
    gid: 'integer',
    link_target: 'text',
    sha256: 'text',
    packages: 'text',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ColumnType>>>>;

/** One of the tables. */
export type TableName = keyof typeof TABLES;

/** A row, with the cells in the order of its table's columns. */
export interface TableRow {
  readonly table: TableName;
  readonly cells: readonly Cell[];
}

/** Which rows are wanted. */
export interface ManifestRowsOptions {
  /** Files that are not in the result, too. Default false. */
  readonly removed?: boolean;
}

/**
 * The rows of one manifest.
 *
 * @param name  by which rows tell whose they are
 */
export function* manifestRows(
  manifest: StoredManifest,
  name: string,
  { removed = false }: ManifestRowsOptions = {},
): Generator<TableRow> {
  const { source, result, runs, platform, inventory, entries } = manifest;
  yield {
    table: 'results',
    cells: [
      ...[name, source.reference ?? null, source.id, source.sizeBytes ?? null],
      ...[result.reference ?? null, result.id, result.sizeBytes ?? null, verdictOf(manifest)],
      ...[platform?.os ?? null, platform?.architecture ?? null, inventory?.system.prettyName ?? null],
    ],
  };
  for (const { name: run, command, exitStatus, service } of runs)
    yield {
      table: 'runs',
      cells: [name, run, JSON.stringify(command), exitStatus ?? null, service === true],
    };
  if (inventory !== undefined)
    for (const { package: own, installed, kept, used } of usageOf(manifest).packages)
      yield {
        table: 'packages',
        cells: [
          ...[name, own.ecosystem, own.name, own.version, own.architecture ?? null],
          ...[own.sourcePackage?.name ?? null, own.purl],
          ...[installed.files, installed.sizeBytes, kept.files, kept.sizeBytes, used.files, used.sizeBytes],
        ],
      };
  for (const [path, { type, sizeBytes, isKept, mode, uid, gid, linkTarget, sha256, owners }] of entries) {
    if (!isKept && !removed) continue;
    const packages = owners.flatMap((owner) => inventory?.packages[owner]?.name ?? []);
    yield {
      table: 'files',
      cells: [
        ...[name, printPath(path), type, sizeBytes, isKept, mode ?? null, uid, gid],
        ...[
          linkTarget === undefined ? null : printPath(linkTarget),
          sha256 ?? null,
          JSON.stringify(packages),
        ],
      ],
    };
  }
}
