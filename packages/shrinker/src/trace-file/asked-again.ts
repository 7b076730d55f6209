import type { RunOptions } from '@keepset/docker-engine';
import { printStep, type Service } from '@keepset/tracer';
import { OWN_NETWORKS } from '../run/own-networks.js';
import { ShrinkError } from '../shrink-error.js';
import type { SavedRun } from './open-trace.js';

/** What the caller allows a trace file to ask for. */
export interface TraceGrants {
  /** Options that the caller gave as well. */
  readonly options?: RunOptions;
  /** Programs that the caller named as well. */
  readonly steps?: Service['steps'];
  /** Whatever the files say: they are the caller's own. Default false. */
  readonly trust?: boolean;
}

/**
 * Whether an option reaches beyond the container, to the engine's machine or its network. A file is data: such an option
 * holds only where the caller gives it as well.
 */
const REACHES_OUT: Readonly<Record<keyof RunOptions, boolean>> = {
  volume: true,
  mount: true,
  device: true,
  gpus: true,
  network: true,
  publish: true,
  addHost: true,
  dns: true,
  capAdd: true,
  securityOpt: true,
  sysctl: true,
  ulimit: false,
  groupAdd: false,
  shmSize: false,
  env: false,
  tmpfs: false,
  workdir: false,
  user: false,
  entrypoint: false,
  capDrop: false,
  hostname: false,
  platform: false,
  readOnly: false,
  memory: false,
  pidsLimit: false,
  cpus: false,
  init: false,
  stopSignal: false,
  interactive: false,
  tty: false,
};

/**
 * What of saved runs reaches out of their containers, or starts programs beside them, and was not asked for again.
 *
 * @returns for people, each once: `volume /:/host`, `probe 'make check'`
 */
function findUngranted(runs: readonly SavedRun[], grants: TraceGrants): readonly string[] {
  if (grants.trust) return [];
  const steps = new Set((grants.steps ?? []).map(printStep));
  return [
    ...new Set(
      runs.flatMap(({ run }) => [
        ...ungrantedOptions(run.options ?? {}, grants.options ?? {}),
        ...ungrantedSteps(run.service, steps),
      ]),
    ),
  ];
}

function ungrantedOptions(asked: RunOptions, granted: RunOptions): readonly string[] {
  const keys = (Object.keys(asked) as (keyof RunOptions)[]).filter((key) => REACHES_OUT[key] !== false);
  return keys.flatMap((key) => {
    const allowed = [granted[key] ?? []].flat();
    const values = [asked[key] ?? []].flat();
    const isPlain = (value: unknown) => key === 'network' && OWN_NETWORKS.has(value);
    return values
      .filter((value) => !(allowed as readonly unknown[]).includes(value) && !isPlain(value))
      .map((value) => `${toDockersName(key)} ${value}`);
  });
}

function ungrantedSteps(service: Service | undefined, granted: ReadonlySet<string>): readonly string[] {
  return (service?.steps ?? [])
    .filter(({ kind }) => kind !== 'http')
    .map(printStep)
    .filter((step) => !granted.has(step));
}

/** @example toDockersName('capAdd') // 'cap-add' */
function toDockersName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** @throws ShrinkError TRACE_NOT_TRUSTED  shows what was not asked for again */
export function requireGranted(runs: readonly SavedRun[], grants: TraceGrants): void {
  const ungranted = findUngranted(runs, grants);
  if (ungranted.length === 0) return;
  throw new ShrinkError(
    'TRACE_NOT_TRUSTED',
    `the trace asks for ${ungranted.length === 1 ? 'something' : `${ungranted.length} things`} beyond its container, and only the caller may ask for that`,
    { details: ungranted.map((each) => `  ${each}`), hint: 'Ask for the same again, or trust the file.' },
  );
}
