import type { ImageDetails } from '@keepset/docker-engine';
import {
  BASE,
  FURTHER_FAMILIES,
  type Hardening,
  type PlacesImage,
  type Rights,
  widenRights,
} from '@keepset/hardening';
import type { KeepPlan } from '@keepset/keep-planner';
import type { Progress } from '../progress.js';
import type { Judgement } from '../proof/judge.js';
import type { JudgedRun } from '../proof/judge-all.js';
import { printDiff, printDifference } from '../proof/print-difference.js';
import { prefixOf, type Run } from '../run/run.js';
import type { Runner } from '../run/runner.js';
import { sharesOutside } from '../run/shares-outside.js';
import { ShrinkError } from '../shrink-error.js';
import type { Source } from '../source/open-source.js';
import { confinedOptions } from './confined-options.js';
import { furtherRights } from './further-rights.js';
import { type ObservedRun, observeRun } from './observe-run.js';
import { placesImage } from './places-image.js';
import { sourceRights } from './source-rights.js';

/** How rights are looked for. */
export interface HardenOptions {
  /** Families of calls that are allowed besides: see FURTHER_FAMILIES. Default none. */
  readonly families?: readonly string[];
}

/** What runs under the rights. */
export interface HardenedImage {
  readonly image: ImageDetails;
  /** How people call it. */
  readonly name: string;
  readonly plan: Pick<KeepPlan, 'kept' | 'executed'>;
}

export interface HardenSteps {
  readonly runner: Runner;
  readonly progress: Progress;
  /** By name and version. */
  readonly engine: string;
}

/** Each round gives what the round before lacked; most need none. */
const ROUNDS_MAX = 8;

/** Calls that a trace leaves out: every profile has them. Only their end shows that a trace is whole. */
export const UNTRACED_CALLS: readonly string[] = BASE.calls.filter((name) => !name.startsWith('exit'));

/**
 * Find the least rights under which a result still does what the source does: begin with what traced runs of the source were
 * seen to need, run the result under everything at once, and give it what it turns out to lack.
 *
 * @param judged  all runs, each traced in the source with all its calls
 * @param options  `observing`: what these did, which may be read while the result is built
 * @throws ShrinkError HARDENING_FAILED  says in what it differs
 */
export async function hardenResult(
  source: Source,
  judged: readonly JudgedRun[],
  hardened: HardenedImage,
  { families = [], observing }: HardenOptions & { readonly observing: Promise<readonly ObservedRun[]> },
  steps: HardenSteps,
): Promise<Hardening> {
  const { progress } = steps;
  const observed = await observing;
  const image = placesImage(await source.tree(), hardened.plan.kept);
  let rights = await progress.stage('harden', 'rights that the runs were seen to need', async () => {
    const found = await sourceRights(source, observed, {
      plan: hardened.plan,
      image,
      families: FURTHER_FAMILIES.filter(({ name }) => families.includes(name)),
    });
    return [found, describe(found)] as const;
  });
  const first = rights;
  // Beside the first comparison, which it does not touch.
  const plainUserAtFirst = judged.some(({ run }) => sharesOutside(run.run))
    ? undefined
    : wouldDoAsPlainUser(judged, hardened, first, steps);
  await using _ended = {
    async [Symbol.asyncDispose]() {
      await plainUserAtFirst?.catch(() => {});
    },
  };
  const widener = { hardened, observed, places: image, runner: steps.runner };
  let alternatives: readonly Rights[] | undefined;
  for (let round = 1; ; round++) {
    const failing = await judgeUnder(rights, 'quick', { source, judged, hardened, steps });
    if (failing === undefined) break;
    if (round > ROUNDS_MAX) throw refused(failing);
    const widened = await widen(rights, failing, widener, progress);
    if (widened !== undefined) {
      rights = widened;
      alternatives = undefined;
      continue;
    }
    // Nothing was refused that had not been: it may be chance, which costs some runs to tell.
    if ((await judgeUnder(rights, 'thorough', { source, judged, hardened, steps })) === undefined) break;
    const [next, ...others] = alternatives ?? furtherRights(rights, failing.judged.run.run);
    if (next === undefined) throw refused(failing);
    rights = next;
    alternatives = others;
  }
  const isFirst = rights === first && plainUserAtFirst !== undefined;
  const plainUser = await (isFirst ? plainUserAtFirst : wouldDoAsPlainUser(judged, hardened, rights, steps));
  return {
    ...rights,
    runs: judged.map(({ run }) => run.run.name).sort(),
    images: [hardened.name],
    engines: [steps.engine],
    ...(plainUser !== undefined && { plainUser }),
    seen: {
      processes: Math.max(1, ...observed.map(({ observation }) => observation.processesMax)),
      files: Math.max(3, ...observed.map(({ observation }) => observation.filesMax)),
    },
  };
}

function describe({ calls, capabilities }: Rights): string {
  return `${calls.length} system calls, ${capabilities.length === 0 ? 'no capability' : capabilities.map(({ name }) => name).join(', ')}`;
}

interface Failing {
  readonly judged: JudgedRun;
  readonly judgement: Judgement;
}

interface JudgedUnder {
  readonly source: Source;
  readonly judged: readonly JudgedRun[];
  readonly hardened: HardenedImage;
  readonly steps: HardenSteps;
}

/**
 * Run the result under rights.
 *
 * @param how  quick: what differs once differs
 * @returns the first run that does otherwise
 */
async function judgeUnder(
  rights: Rights,
  how: 'quick' | 'thorough',
  { source, judged, hardened, steps: { runner, progress } }: JudgedUnder,
): Promise<Failing | undefined> {
  const isCompared = isOnDisk(rights);
  return await progress.stage('harden', 'the result under these rights', async () => {
    for (const each of judged) {
      const { run } = each.run;
      const options = confinedOptions(run.options ?? {}, rights);
      const limited = withLimit(each.run);
      const judgement = await each.judge.judge({
        runResult: () => runner.run(limited, hardened.image.id, { role: 'verify', options }),
        runSource: () => runner.run(run, source.image.id, { role: 'sample' }),
        isCompared,
        isQuick: how === 'quick',
      });
      if (judgement.differences.length > 0) return [{ judged: each, judgement }, 'different'] as const;
    }
    return [undefined, 'same exit status, output and files'] as const;
  });
}

/** What lacks a right may wait for ever for what does not come. */
const SECONDS_MIN = 10;
const TIMES_MAX = 5;

function withLimit({ run, ended }: JudgedRun['run']): Run {
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
  return (path) =>
    !MADE_BY_ENGINES.has(path) && !folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

interface Widener {
  readonly hardened: HardenedImage;
  readonly observed: readonly ObservedRun[];
  readonly places: PlacesImage;
  readonly runner: Runner;
}

/** Trace what failed under the same rights, but for its calls, and add what it lacks; undefined: nothing shows. */
async function widen(
  rights: Rights,
  { judged: { run } }: Failing,
  { hardened, observed, places, runner }: Widener,
  progress: Progress,
): Promise<Rights | undefined> {
  const before = observed.find((each) => each.run === run)?.observation;
  if (before === undefined) return undefined;
  return await progress.stage('harden', 'what it lacks', async () => {
    const options = confinedOptions(run.run.options ?? {}, rights, { profile: false });
    await using traced = await runner.trace({ ...withLimit(run), options }, hardened.image, {
      seccompFilter: run.trace?.seccompFilter ?? true,
      allCallsBut: UNTRACED_CALLS,
    });
    const observation = await observeRun(run.run.name, traced.logs);
    const { rights: wider, added } = widenRights(rights, observation, { before, image: places });
    return added.length === 0
      ? ([undefined, 'nothing was refused that had not been'] as const)
      : ([wider, added.join(', ')] as const);
  });
}

const PLAIN_USER = '65534:65534';

/** Undefined: it is one, or needs rights that a plain user has not. */
async function wouldDoAsPlainUser(
  judged: readonly JudgedRun[],
  { image: { id } }: HardenedImage,
  rights: Rights,
  { runner }: HardenSteps,
): Promise<boolean | undefined> {
  const isRoot = judged.every(({ run }) => run.trace?.identity.uid === 0);
  if (!isRoot || rights.capabilities.length > 0 || rights.gaining.length > 0) return undefined;
  for (const { run, judge } of judged) {
    const options = confinedOptions(run.run.options ?? {}, rights, { user: PLAIN_USER });
    await using ended = await runner.run(withLimit(run), id, { role: 'verify', options });
    const { differences } = await judge.compareOutput(ended);
    if (differences.length > 0) return false;
  }
  return true;
}

/** Rights under which a result was not the same, and nothing more to allow it. */
function refused({ judged: { run }, judgement: { differences } }: Failing): ShrinkError {
  const [first] = differences;
  return new ShrinkError(
    'HARDENING_FAILED',
    `${prefixOf(run.run)}under restrictions the result does not behave as the source${first === undefined ? '' : `: ${printDifference(first)}`}`,
    {
      details: differences.slice(0, DIFFERENCES_SHOWN).flatMap(printDiff),
      hint: 'Nothing was written. Make the result without restrictions, or say what may differ.',
    },
  );
}

const DIFFERENCES_SHOWN = 3;
