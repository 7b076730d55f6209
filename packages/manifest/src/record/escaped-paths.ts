import type { PlanWarning } from '@keepset/keep-planner';
import { parsePrintedPath, printPath } from '@keepset/strace-parser';
import type { MaskedInRun } from './manifest.js';
import type { Verification } from './verification.js';

/** With its paths C-escaped, as everywhere in a manifest. */
export function printMasked(masked: MaskedInRun): MaskedInRun {
  return mapMaskedPath(masked, printPath);
}

/** The inverse of `printMasked`. */
export function parseMasked(masked: MaskedInRun): MaskedInRun {
  return mapMaskedPath(masked, parsePrintedPath);
}

function mapMaskedPath<T extends Pick<MaskedInRun, 'where'>>(masked: T, map: (path: string) => string): T {
  const { where } = masked;
  const hasPath = typeof where === 'object' && 'path' in where;
  return hasPath ? { ...masked, where: { path: map(where.path) } } : masked;
}

/** With its paths C-escaped, as everywhere in a manifest. */
export function printVerification(verification: Verification): Verification {
  return mapVerification(verification, printPath);
}

/** The inverse of `printVerification`. */
export function parseVerification(verification: Verification): Verification {
  return mapVerification(verification, parsePrintedPath);
}

function mapVerification(verification: Verification, map: (path: string) => string): Verification {
  const { masked, notCompared } = verification;
  return {
    ...verification,
    masked: masked.map((each) => mapMaskedPath(each, map)),
    notCompared: notCompared.map((each) => mapMaskedPath(each, map)),
  };
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
