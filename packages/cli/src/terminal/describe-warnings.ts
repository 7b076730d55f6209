import type { KeepPlan, PlanOptions, PlanWarning } from '@keepset/keep-planner';
import { printWarning } from '@keepset/manifest';
import { printPath } from '@keepset/strace-parser';
import { didYouMeanPackage } from '../options/nearest-name.js';

type Kind = PlanWarning['kind'];

/** Of each kind, so that a warning that matters is not lost among many that are alike. */
const SHOWN_DEFAULT = 3;

/** What to say of one kind, before its number and examples. */
const TITLES: Readonly<Record<Kind, string>> = {
  'interpreter-missing': 'scripts whose interpreter the image lacks',
  'loader-missing': 'programs whose dynamic loader the image lacks',
  'interpreter-relative': 'scripts with a relative interpreter, taken from WORKDIR',
  'program-unreadable': 'programs that could not be read',
  'program-missing': 'programs that the configuration or a caller names, and the image lacks',
  'kernel-differs': 'paths that led elsewhere while the command ran',
  'pattern-unmatched': 'patterns that match nothing in the image',
  secret: 'files that look like secrets',
  setuid: 'kept programs that change rights (setuid, setgid)',
  unplaced: 'accesses without a known path',
};

export interface WarningOptions {
  /** With any other than `drop`, listed directories show all their entries. Default `drop`. */
  readonly listedPolicy?: PlanOptions['listed'];
  /** Examples of each kind. Default 3. */
  readonly shown?: number;
  /** Names of the source's packages, for one that was mistyped. Default none. */
  readonly packageNames?: Iterable<string>;
}

/**
 * A plan's warnings in a few lines: of each kind the number and the first few.
 *
 * @returns lines without newline
 */
export function describeWarnings(
  { warnings, listed }: { readonly warnings: KeepPlan['warnings']; readonly listed: readonly string[] },
  { listedPolicy = 'drop', shown = SHOWN_DEFAULT, packageNames = [] }: WarningOptions = {},
): string[] {
  const kinds = new Map<Kind, PlanWarning[]>();
  for (const warning of warnings)
    kinds.set(warning.kind, [...(kinds.get(warning.kind) ?? []), printWarning(warning)]);
  const lines = [...kinds].map(
    ([kind, found]) => `warning: ${describeKind(kind, found, { shown, packageNames })}`,
  );
  if (listedPolicy === 'drop' && listed.length > 0)
    lines.push(
      `${withExamples('listed directories, which may show fewer entries in the result', listed.map(printPath), shown)}; see --listed`,
    );
  return lines;
}

function describeKind(
  kind: Kind,
  found: readonly PlanWarning[],
  { shown, packageNames }: Required<Pick<WarningOptions, 'shown' | 'packageNames'>>,
): string {
  if (kind === 'unplaced') {
    const count = found.reduce((sum, warning) => sum + (warning.kind === 'unplaced' ? warning.count : 0), 0);
    return `${TITLES[kind]} (${count})`;
  }
  return withExamples(
    TITLES[kind],
    found.map((warning) => exampleOf(warning, packageNames)),
    shown,
  );
}

function withExamples(title: string, examples: readonly string[], shown: number): string {
  const first = examples.slice(0, shown).join(', ');
  return `${title} (${examples.length}): ${first}${examples.length > shown ? ', …' : ''}`;
}

function exampleOf(warning: PlanWarning, packageNames: Iterable<string>): string {
  switch (warning.kind) {
    case 'interpreter-missing':
    case 'loader-missing':
    case 'interpreter-relative':
      return `${warning.path} (${warning.wanted})`;
    case 'program-missing':
      return `${warning.wanted} (${warning.need})`;
    case 'kernel-differs':
      return `${warning.path} (${warning.kernels})`;
    case 'pattern-unmatched':
      return `--${warning.option} ${warning.pattern}${
        warning.option === 'keep-package' ? didYouMeanPackage(warning.pattern, packageNames) : ''
      }`;
    case 'secret':
      return `${warning.path} (${warning.dropped ? 'dropped' : 'kept'})`;
    case 'program-unreadable':
    case 'setuid':
      return warning.path;
    case 'unplaced':
      return '';
  }
}
