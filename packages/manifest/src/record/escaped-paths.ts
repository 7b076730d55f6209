import type { PlanWarning } from '@keepset/keep-planner';
import { parsePrintedPath, printPath } from '@keepset/strace-parser';
import type { MaskedInRun } from './manifest.js';

/** With its paths C-escaped, as everywhere in a manifest. */
export function printMasked(masked: MaskedInRun): MaskedInRun {
  return mapMaskedPath(masked, printPath);
}

/** The inverse of `printMasked`. */
export function parseMasked(masked: MaskedInRun): MaskedInRun {
  return mapMaskedPath(masked, parsePrintedPath);
}

function mapMaskedPath({ where, ...rest }: MaskedInRun, map: (path: string) => string): MaskedInRun {
  const hasPath = typeof where === 'object' && 'path' in where;
  return { where: hasPath ? { path: map(where.path) } : where, ...rest };
}

/** What of a warning is a byte string; the rest is text. */
const PATH_KEYS: ReadonlySet<string> = new Set(['path', 'wanted', 'ours', 'kernels']);

/** A warning of the plan with its paths C-escaped, as everywhere in a manifest. */
export function printWarning(warning: PlanWarning): PlanWarning {
  return mapPaths(warning, printPath);
}

/** The inverse. */
export function parseWarning(warning: PlanWarning): PlanWarning {
  return mapPaths(warning, parsePrintedPath);
}

function mapPaths(warning: PlanWarning, map: (path: string) => string): PlanWarning {
  return Object.fromEntries(
    Object.entries(warning).map(([key, value]) => [key, PATH_KEYS.has(key) ? map(value) : value]),
  ) as unknown as PlanWarning;
}
