import {
  type KeepPlan,
  type PlanOptions,
  type PlanWarning,
  printPath,
  printWarning,
} from '@keepset/shrinker';

type Kind = PlanWarning['kind'];

/** Of each kind, so that a warning that matters is not lost among many that are alike. */
const SHOWN = 3;

/** What to say of one kind, before its number and examples. */
const TITLES: Readonly<Record<Kind, string>> = {
  'interpreter-missing': 'scripts whose interpreter the image lacks',
  'loader-missing': 'programs whose dynamic loader the image lacks',
  'interpreter-relative': 'scripts with a relative interpreter, taken from WORKDIR',
  'program-unreadable': 'programs that could not be read',
  'program-missing': 'programs of the configuration that the image lacks',
  'kernel-differs': 'paths that led elsewhere while the command ran',
  'pattern-unmatched': 'patterns that name nothing in the image',
  secret: 'files that look like secrets',
  setuid: 'kept programs that change rights (setuid, setgid)',
  unplaced: 'accesses without a known path',
};

/**
 * A plan's warnings in a few lines: of each kind the number and the first few.
 *
 * @param listedPolicy  with any other than `drop`, listed directories show all their entries
 * @returns lines without newline
 */
export function describeWarnings(
  { warnings, listed }: Pick<KeepPlan, 'warnings' | 'listed'>,
  listedPolicy: PlanOptions['listed'] = 'drop',
): string[] {
  const kinds = new Map<Kind, PlanWarning[]>();
  for (const warning of warnings)
    kinds.set(warning.kind, [...(kinds.get(warning.kind) ?? []), printWarning(warning)]);
  const lines = [...kinds].map(([kind, found]) => `warning: ${describeKind(kind, found)}`);
  if (listedPolicy === 'drop' && listed.length > 0)
    lines.push(
      `${withExamples('listed directories, which may show fewer entries in the result', listed.map(printPath))}; see --listed`,
    );
  return lines;
}

function describeKind(kind: Kind, found: readonly PlanWarning[]): string {
  if (kind === 'unplaced') {
    const count = found.reduce((sum, warning) => sum + (warning.kind === 'unplaced' ? warning.count : 0), 0);
    return `${TITLES[kind]} (${count})`;
  }
  return withExamples(TITLES[kind], found.map(exampleOf));
}

function withExamples(title: string, examples: readonly string[]): string {
  const shown = examples.slice(0, SHOWN).join(', ');
  return `${title} (${examples.length}): ${shown}${examples.length > SHOWN ? ', …' : ''}`;
}

function exampleOf(warning: PlanWarning): string {
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
      return `--${warning.option} ${warning.pattern}`;
    case 'secret':
      return `${warning.path} (${warning.dropped ? 'dropped' : 'kept'})`;
    case 'program-unreadable':
    case 'setuid':
      return warning.path;
    case 'unplaced':
      return '';
  }
}
