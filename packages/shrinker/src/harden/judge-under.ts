import type { Rights } from '@keepset/hardening';
import type { Progress } from '../progress.js';
import type { Judgement } from '../proof/judge.js';
import type { JudgedRun } from '../proof/judge-all.js';
import type { EndedRun } from '../run/ended-run.js';
import type { Run } from '../run/run.js';
import type { Runner } from '../run/runner.js';
import type { Source } from '../source/open-source.js';
import { type Confinement, confinedOptions } from './confined-options.js';
import type { HardenedImage } from './hardened-image.js';
import { withVolumes } from './with-volumes.js';

/** A run that does otherwise under rights. */
export interface Failing {
  readonly judged: JudgedRun;
  readonly judgement: Judgement;
}

/** What is run under rights, and by what it is held. */
export interface JudgedUnder {
  readonly source: Source;
  readonly judged: readonly JudgedRun[];
  readonly hardened: HardenedImage;
  readonly runner: Runner;
  readonly progress: Progress;
  /** A run under these rights that has begun before; each is given once. */
  readonly begun: (rights: Rights, run: JudgedRun['run']) => Promise<EndedRun> | undefined;
}

/**
 * Run a result under rights.
 *
 * @param how  quick: what differs once differs
 * @returns the first run that does otherwise
 */
export async function judgeUnder(
  rights: Rights,
  how: 'quick' | 'thorough',
  { source, judged, hardened, runner, progress, begun }: JudgedUnder,
): Promise<Failing | undefined> {
  const isCompared = isOnDisk(rights);
  const { id } = hardened.image;
  return await progress.stage('harden', 'the result under these rights', async () => {
    for (const each of judged) {
      const { run } = each.run;
      const judgement = await each.judge.judge({
        runResult: async () => {
          const ended = await (begun(rights, each.run) ?? runUnder(rights, each.run, { id, runner }));
          return withVolumes(ended, rights, hardened);
        },
        runSource: () => runner.run(run, source.image.id, { role: 'sample' }),
        isCompared,
        isQuick: how === 'quick',
      });
      if (judgement.differences.length > 0) return [{ judged: each, judgement }, 'different'] as const;
    }
    return [undefined, 'same exit status, output and files'] as const;
  });
}

/** Run an image once under rights. */
export async function runUnder(
  rights: Rights,
  run: JudgedRun['run'],
  { id, runner }: { readonly id: string; readonly runner: Runner },
  confinement: Confinement = {},
): Promise<EndedRun> {
  const options = confinedOptions(run.run.options ?? {}, rights, confinement);
  return await runner.run(withLimit(run), id, { role: 'verify', options });
}

/** What lacks a right may wait for ever for what does not come. */
const SECONDS_MIN = 10;
const TIMES_MAX = 5;

/** A run that may take some times as long as it did in the source. */
export function withLimit({ run, ended }: JudgedRun['run']): Run {
  const seconds = Math.ceil(Math.max(SECONDS_MIN, TIMES_MAX * ended.seconds));
  const { service, timeoutSeconds = seconds } = run;
  if (service === undefined) return { ...run, timeoutSeconds: Math.min(timeoutSeconds, seconds) };
  const { readySecondsMax = seconds, stepSecondsMax = seconds } = service;
  return {
    ...run,
    service: {
      ...service,
      readySecondsMax: Math.min(readySecondsMax, seconds),
      stepSecondsMax: Math.min(stepSecondsMax, seconds),
    },
  };
}

/** Where Podman has memory when the root is read-only: it makes these folders where an image has not got them. */
const MADE_BY_ENGINES: ReadonlySet<string> = new Set(['/run', '/tmp', '/var', '/var/tmp']);

/** What was in memory is gone when a run has ended. */
function isOnDisk({ writable }: Rights): (path: string) => boolean {
  const folders = writable.filter(({ kind }) => kind === 'tmpfs').map(({ path }) => path);
  return (path) => !MADE_BY_ENGINES.has(path) && !folders.some((folder) => isWithin(path, folder));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
