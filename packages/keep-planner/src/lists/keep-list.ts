import { parsePrintedPath, printPath } from '@keepset/strace-parser';
import type { KeptPath } from '../plan/keep-plan.js';
import { PlanError } from '../plan/plan-error.js';

/** One line of a keep list. */
export interface KeepListEntry {
  /** Absolute byte string. */
  readonly path: string;
  /** Only the name is kept, as an empty file. */
  readonly stub?: true;
  /** No trace tells that it is needed: the verification of a result did. */
  readonly repaired?: true;
}

/** Behind a path, each after a tab and in this order. No printed path holds a tab: there it is `\t`. */
const MARKS = [
  ['stub', '\tstub'],
  ['repaired', '\trepaired'],
] as const;

/**
 * A keep list as a text for people and for git: one path a line, sorted by bytes, each once; UTF-8 as it is,
 * everything else C-escaped; behind a stub a tab and `stub`, behind what a repair added a tab and `repaired`.
 *
 * @example formatKeepList(plan.kept.values())
 */
export function formatKeepList(entries: Iterable<string | KeepListEntry | KeptPath>): string {
  const marks = new Map<string, string>();
  for (const entry of entries) {
    if (typeof entry === 'string') marks.set(entry, '');
    else marks.set(entry.path, marksOf(entry));
  }
  const sorted = [...marks].sort(([left], [right]) => (left < right ? -1 : 1));
  return sorted.map(([path, mark]) => `${printPath(path)}${mark}\n`).join('');
}

function marksOf(entry: KeepListEntry): string {
  return MARKS.map(([key, mark]) => (entry[key] ? mark : '')).join('');
}

/**
 * The inverse of `formatKeepList`, for lists that people may have edited: empty lines and lines that begin
 * with `#` are passed over, any order is taken.
 *
 * @returns  sorted by bytes, each path once
 * @throws PlanError PLAN_BAD_KEEP_LIST  names the line that is no absolute path
 */
export function parseKeepList(text: string): readonly KeepListEntry[] {
  const entries = new Map<string, KeepListEntry>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    let printed = line;
    const marks: { stub?: true; repaired?: true } = {};
    for (const [key, mark] of MARKS.toReversed()) {
      if (!printed.endsWith(mark)) continue;
      printed = printed.slice(0, -mark.length);
      marks[key] = true;
    }
    if (!printed.startsWith('/') || printed.includes('\t')) {
      throw new PlanError(
        'PLAN_BAD_KEEP_LIST',
        `line ${index + 1} of the keep list is no absolute path: ${JSON.stringify(line)}`,
      );
    }
    const path = parsePrintedPath(printed);
    // No file has such a name, and whoever reads names that are ended by it would see two.
    if (path.includes('\0'))
      throw new PlanError(
        'PLAN_BAD_KEEP_LIST',
        `line ${index + 1} of the keep list holds a NUL: ${JSON.stringify(line)}`,
      );
    entries.set(path, { path, ...marks });
  }
  return [...entries.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}
