import type { ChangeKind, ListingDifference, PackageChange } from '@keepset/manifest';
import type { TableFormat } from '../../options/table-options.js';
import type { Console } from '../console.js';
import { formatBytes } from '../format-bytes.js';
import { formatCount } from '../format-count.js';
import { signedBytes } from '../signed-bytes.js';
import { csvTable, limitedTable } from '../text-table.js';

/** What one side has of a result. */
export interface ResultSide {
  /** Its verdict; or why there is none. */
  readonly said: string;
  /** Undefined: there is no image. */
  readonly sizeBytes: number | undefined;
}

/** A result on both sides, or on one of them. */
export interface ComparedResult {
  readonly name: string;
  readonly kind: ChangeKind | 'same';
  readonly before: ResultSide | undefined;
  readonly after: ResultSide | undefined;
  /** In what their files differ; undefined where nobody can say. */
  readonly files: ListingDifference | undefined;
}

/** Writes one row after another, and then what they come to. */
interface RowWriter {
  row(result: ComparedResult): Iterable<string>;
  end(sums: Sums): Iterable<string>;
}

interface Sums {
  readonly counts: Readonly<Record<ComparedResult['kind'], number>>;
  readonly beforeBytes: number;
  readonly afterBytes: number;
}

/**
 * Print in what results differ. Rows are printed as they come, and none is held; of the text, its first rows are those of the
 * largest differences.
 *
 * @returns how many differ
 */
export async function printComparedResults(
  results: AsyncIterable<ComparedResult>,
  { format, limit }: { readonly format: TableFormat; readonly limit: number },
  console: Pick<Console, 'writeOut'>,
): Promise<number> {
  const writer = format === 'json' ? jsonWriter() : format === 'csv' ? csvWriter() : textWriter(limit);
  const counts = { added: 0, removed: 0, changed: 0, same: 0 };
  let [beforeBytes, afterBytes] = [0, 0];
  for await (const result of results) {
    counts[result.kind]++;
    beforeBytes += result.before?.sizeBytes ?? 0;
    afterBytes += result.after?.sizeBytes ?? 0;
    if (result.kind !== 'same') await console.writeOut(writer.row(result));
  }
  await console.writeOut(writer.end({ counts, beforeBytes, afterBytes }));
  return counts.added + counts.removed + counts.changed;
}

const COLUMNS = [
  { title: 'CHANGE' },
  { title: 'RESULT' },
  { title: 'VERDICT' },
  { title: 'SIZE', isNumber: true },
  { title: 'NOW', isNumber: true },
  { title: 'PATHS', isNumber: true },
  { title: 'PACKAGES' },
];

/** The table needs the widths of all rows, and rows are in the order of what they weigh. */
function textWriter(limit: number): RowWriter {
  const rows: { readonly cells: readonly string[]; readonly weight: number }[] = [];
  return {
    row(result) {
      const delta = deltaOf(result);
      rows.push({ cells: textCells(result), weight: Math.abs(delta ?? Number.POSITIVE_INFINITY) });
      return [];
    },
    *end(sums) {
      if (rows.length > 0) {
        // What came to nothing is before what has become larger; of one weight, they are in the order of their names.
        const sorted = rows.sort((one, other) =>
          one.weight === other.weight ? 0 : other.weight - one.weight,
        );
        const cells = sorted.map((row) => row.cells);
        yield* limitedTable(COLUMNS, cells, { count: cells.length, limit });
        yield '\n';
      }
      const { added, removed, changed, same } = sums.counts;
      const delta = signedBytes(sums.afterBytes - sums.beforeBytes);
      yield `${formatCount(changed)} changed, ${formatCount(added)} added, ${formatCount(removed)} removed, ${formatCount(same)} the same; ${formatBytes(sums.beforeBytes)} → ${formatBytes(sums.afterBytes)} (${delta})\n`;
    },
  };
}

function textCells(result: ComparedResult): readonly string[] {
  const { kind, name, before, after, files } = result;
  const said = [before, after].flatMap((side) => side?.said ?? []);
  const packages = packageTexts(files?.packages ?? []);
  const rest = packages.length - SHOWN_PACKAGES;
  return [
    ...[kind, name, [...new Set(said)].join(' → ')],
    signedBytes(deltaOf(result)),
    after?.sizeBytes === undefined ? '' : formatBytes(after.sizeBytes),
    files === undefined ? '' : formatCount(files.changes.size),
    [...packages.slice(0, SHOWN_PACKAGES), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', '),
  ];
}

const SHOWN_PACKAGES = 3;

/** Of other versions, or on one side alone. @example ['deb:openssl 3.0.1 → 3.0.2', '+deb:jq 1.6'] */
function packageTexts(changes: readonly PackageChange[]): readonly string[] {
  return changes.flatMap(({ package: name, kind, before, after }) => {
    if (name === undefined) return [];
    const [from, to] = [before, after].map((side) => side?.versions.join(' ') ?? '');
    if (kind === 'added') return `+${name} ${to}`;
    if (kind === 'removed') return `-${name} ${from}`;
    return from === to ? [] : `${name} ${from} → ${to}`;
  });
}

/** Undefined: of one side that there should be, no size is known. */
function deltaOf({ before, after }: ComparedResult): number | undefined {
  const [from, to] = [before, after].map((side) => (side === undefined ? 0 : side.sizeBytes));
  return from === undefined || to === undefined ? undefined : to - from;
}

const TITLES = [
  ...['change', 'result', 'before_verdict', 'after_verdict', 'before_bytes', 'after_bytes', 'delta_bytes'],
  ...['added_paths', 'removed_paths', 'changed_paths', 'packages'],
];

function csvWriter(): RowWriter {
  let isFirst = true;
  const lines = (rows: readonly (readonly string[])[]) => {
    const [titles, ...others] = csvTable(TITLES, rows);
    const printed = isFirst ? [titles ?? '', ...others] : others;
    isFirst = false;
    return printed;
  };
  const number = (value: number | undefined) => (value === undefined ? '' : String(value));
  return {
    row: (result) => {
      const { kind, name, before, after, files } = result;
      return lines([
        [
          ...[kind, name, before?.said ?? '', after?.said ?? ''],
          ...[before?.sizeBytes, after?.sizeBytes, deltaOf(result)].map(number),
          ...[files?.added.paths, files?.removed.paths, files?.changed.paths].map(number),
          packageTexts(files?.packages ?? []).join('; '),
        ],
      ]);
    },
    end: () => (isFirst ? lines([]) : []),
  };
}

function jsonWriter(): RowWriter {
  let separator = '';
  return {
    row: ({ files, ...result }) => {
      const { added, removed, changed, packages } = files ?? {};
      const printed = {
        ...result,
        ...(files !== undefined && { paths: { added, removed, changed }, packages }),
      };
      const line = `${separator === '' ? '{"results":[' : separator}${JSON.stringify(printed)}`;
      separator = ',';
      return [line];
    },
    end: (sums) => [`${separator === '' ? '{"results":[' : ''}],${JSON.stringify(sums).slice(1)}\n`],
  };
}
