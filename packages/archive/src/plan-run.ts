import type { StoredManifest } from '@keepset/manifest';
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
] satisfies (keyof ReplayOptions)[]);

/** Options without which a run does the same: it has no network, and its command is merged. */
const DROPPED: ReadonlySet<string> = new Set([
  'entrypoint',
  'network',
  'publish',
  'addHost',
  'dns',
  'platform',
  'stopSignal',
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
  const notReplayed = whyNot(run, options, mounts);
  return {
    name,
    command,
    options: Object.fromEntries(Object.entries(options).filter(([key]) => CARRIED.has(key))),
    variables: values,
    mounts: mounts.flatMap((mount) => mount ?? []),
    ...(notReplayed !== undefined && { notReplayed }),
  };
}

/** SOURCE:TARGET[:OPTIONS]; undefined: it has no folder of the host. */
function toMount(volume: string): PlannedMount | undefined {
  const [source = '', target = '', flags = ''] = volume.split(':');
  if (!source.startsWith('/') || !target.startsWith('/')) return undefined;
  return { source, target, isReadOnly: flags.split(',').includes('ro') };
}

function whyNot(
  { service, steps = [] }: ManifestRun,
  options: GivenOptions,
  mounts: readonly (PlannedMount | undefined)[],
): string | undefined {
  if (service === true || steps.length > 0) return 'it is a service, which does not end by itself';
  if (options.interactive === true) return 'it reads its standard input';
  if (mounts.includes(undefined)) return 'it has a volume of the engine';
  const other = Object.keys(options).find(
    (key) => !CARRIED.has(key) && !DROPPED.has(key) && key !== 'volume' && options[key] !== false,
  );
  return other === undefined ? undefined : `it was given ${other}, which reaches out of its container`;
}
