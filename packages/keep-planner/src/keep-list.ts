import { parsePrintedPath, printPath } from '@keepset/strace-parser';
import type { KeptPath } from './keep-plan.js';
import { PlanError } from './plan-error.js';

/** One line of a keep list. */
export interface KeepListEntry {
  /** Absolute byte string. */
  readonly path: string;
  /** Only the name is kept, as an empty file. */
  readonly stub?: true;
}

/** Behind the path of a stub. No printed path holds a tab: there it is `\t`. */
const STUB_MARK = '\tstub';

/**
 * A keep list as a text for people and for git: one path a line, sorted by bytes, each once; UTF-8 as it is,
 * everything else C-escaped; behind a stub a tab and `stub`.
 *
 * @example formatKeepList(plan.kept.values())
 */
export function formatKeepList(entries: Iterable<string | KeepListEntry | KeptPath>): string {
  const marks = new Map<string, string>();
  for (const entry of entries) {
    if (typeof entry === 'string') marks.set(entry, '');
    else marks.set(entry.path, entry.stub ? STUB_MARK : '');
  }
  const sorted = [...marks].sort(([left], [right]) => (left < right ? -1 : 1));
  return sorted.map(([path, mark]) => `${printPath(path)}${mark}\n`).join('');
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
    const isStub = line.endsWith(STUB_MARK);
    const printed = isStub ? line.slice(0, -STUB_MARK.length) : line;
    if (!printed.startsWith('/') || printed.includes('\t')) {
      throw new PlanError(
        'PLAN_BAD_KEEP_LIST',
        `line ${index + 1} of the keep list is no absolute path: ${JSON.stringify(line)}`,
      );
    }
    const path = parsePrintedPath(printed);
    entries.set(path, isStub ? { path, stub: true } : { path });
  }
  return [...entries.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}
