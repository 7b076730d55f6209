import { parsePrintedPath, printPath } from '@keepset/strace-parser';
import { PlanError } from './plan-error.js';

/**
 * A keep list as a text for people and for git: one path a line, sorted by bytes, each once; UTF-8 as it is,
 * everything else C-escaped.
 */
export function formatKeepList(paths: Iterable<string>): string {
  const sorted = [...new Set(paths)].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  return sorted.map((path) => `${printPath(path)}\n`).join('');
}

/**
 * The inverse of `formatKeepList`, for lists that people may have edited: empty lines and lines that begin
 * with `#` are passed over, any order is taken.
 *
 * @returns  byte strings, sorted, each once
 * @throws PlanError PLAN_BAD_KEEP_LIST  names the line that is no absolute path
 */
export function parseKeepList(text: string): string[] {
  const paths = new Set<string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (!line.startsWith('/')) {
      throw new PlanError(
        'PLAN_BAD_KEEP_LIST',
        `line ${index + 1} of the keep list is no absolute path: ${JSON.stringify(line)}`,
      );
    }
    paths.add(parsePrintedPath(line));
  }
  return [...paths].sort((left, right) => (left < right ? -1 : 1));
}
