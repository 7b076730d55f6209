import type { ManifestService, StoredManifest } from '@keepset/manifest';
import { savedServiceShape } from '@keepset/shrinker';
import { ArchiveError } from './archive-error.js';
import type { DepositRun, ReplayOptions } from './deposit/deposit.js';

/** A run of a manifest, as a deposit can have it. */
export interface PlannedRun extends Omit<DepositRun, 'mounts' | 'samples'> {
  readonly mounts: readonly PlannedMount[];
}

interface PlannedMount {
  /** On the engine's machine; absolute. */
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

type ManifestRun = StoredManifest['runs'][number];
type GivenOptions = NonNullable<ManifestRun['options']>;

/** Options that a deposit carries. */
const CARRIED: ReadonlySet<string> = new Set([
  'workdir',
  'user',
  'hostname',
  'readOnly',
  'init',
  'shmSize',
  'memory',
  'cpus',
  'pidsLimit',
  'tmpfs',
  'ulimit',
  'groupAdd',
  'capDrop',
  'stopSignal',
] satisfies (keyof ReplayOptions)[]);

/** Options without which a run does the same: it has no network, and its command is merged. */
const DROPPED: ReadonlySet<string> = new Set([
  'entrypoint',
  'network',
  'publish',
  'addHost',
  'dns',
  'platform',
]);

/**
 * What of a run a deposit can have, and why it cannot be run again where that is so.
 *
 * @param given  variables: NAME=value, for those of the run
 * @throws ArchiveError ARCHIVE_VARIABLE_MISSING  a variable of the run has no value
 */
export function planRun(run: ManifestRun, given: readonly string[]): PlannedRun {
  const { name, command, options = {}, variables = [] } = run;
  const values = variables.map((variable) => {
    const value = given.findLast((each) => each.startsWith(`${variable}=`));
    if (value !== undefined) return value;
    throw new ArchiveError(
      'ARCHIVE_VARIABLE_MISSING',
      `the run '${name}' had the variable ${variable}, and the manifest does not tell its value`,
      {
        hint: 'Give it again, if it may be published.',
      },
    );
  });
  const mounts = [options.volume ?? []].flat().map((volume) => toMount(String(volume)));
  const { asked, probes } = askedOf(run);
  const notReplayed = whyNot(run, { options, mounts, asked, probes });
  return {
    name,
    command,
    options: Object.fromEntries(Object.entries(options).filter(([key]) => CARRIED.has(key))),
    variables: values,
    mounts: mounts.flatMap((mount) => mount ?? []),
    ...(asked !== undefined && { asked }),
    ...(probes.length > 0 && { notAsked: probes }),
    ...(notReplayed !== undefined && { notReplayed }),
  };
}

/** SOURCE:TARGET[:OPTIONS]; undefined: it has no folder of the host. */
function toMount(volume: string): PlannedMount | undefined {
  const [source = '', target = '', flags = ''] = volume.split(':');
  if (!source.startsWith('/') || !target.startsWith('/')) return undefined;
  return { source, target, isReadOnly: flags.split(',').includes('ro') };
}

/**
 * What a reader asks a service again: not what ran on the machine of who shrank it, since a deposit runs nothing there.
 *
 * @throws ArchiveError ARCHIVE_BAD_INPUT  it is no service that anybody asked
 */
function askedOf({ name, asked }: ManifestRun): {
  readonly asked?: ManifestService;
  readonly probes: readonly string[];
} {
  if (asked === undefined) return { probes: [] };
  const { success, data, error } = savedServiceShape.safeParse(asked);
  if (!success) {
    const [issue] = error.issues;
    throw new ArchiveError(
      'ARCHIVE_BAD_INPUT',
      `what the manifest says was asked of '${name}' cannot be understood: ${issue?.path.map(String).join('.')}: ${issue?.message}`,
      { hint: 'Shrink again: the manifest was changed, or is of a newer keepset.' },
    );
  }
  const { crawl: _, ...service } = data;
  const probes = service.steps.flatMap((step) => (step.kind === 'probe' ? [step.command] : []));
  return { asked: { ...service, steps: service.steps.filter(({ kind }) => kind !== 'probe') }, probes };
}

interface Reasons {
  readonly options: GivenOptions;
  readonly mounts: readonly (PlannedMount | undefined)[];
  readonly asked: ManifestService | undefined;
  readonly probes: readonly string[];
}

function whyNot(
  { service, steps = [] }: ManifestRun,
  { options, mounts, asked, probes }: Reasons,
): string | undefined {
  if (asked === undefined && (service === true || steps.length > 0))
    return 'it is a service, and its manifest does not say what was asked of it';
  if (probes.length > 0 && asked?.steps.length === 0)
    return 'all that was asked of it ran on the machine of who shrank it';
  if (options.interactive === true) return 'it reads its standard input';
  if (mounts.includes(undefined)) return 'it has a volume of the engine';
  const other = Object.keys(options).find(
    (key) => !CARRIED.has(key) && !DROPPED.has(key) && key !== 'volume' && options[key] !== false,
  );
  return other === undefined ? undefined : `it was given ${other}, which reaches out of its container`;
}
