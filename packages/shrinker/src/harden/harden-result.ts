import { BASE, type Hardening, type PlacesImage, type Rights, widenRights } from '@keepset/hardening';
import type { KeepPlan } from '@keepset/keep-planner';
import type { Progress } from '../progress.js';
import type { JudgedRun } from '../proof/judge-all.js';
import { printDiff, printDifference } from '../proof/print-difference.js';
import type { EndedRun } from '../run/ended-run.js';
import { prefixOf } from '../run/run.js';
import type { Runner } from '../run/runner.js';
import { ShrinkError } from '../shrink-error.js';
import type { Source } from '../source/open-source.js';
import type { BegunRuns } from './begin-runs.js';
import { confinedOptions } from './confined-options.js';
import { furtherRights } from './further-rights.js';
import type { HardenedImage } from './hardened-image.js';
import { type Failing, type JudgedUnder, judgeUnder, runUnder, withLimit } from './judge-under.js';
import { type ObservedRun, observeRun } from './observe-run.js';
import { usedFiles } from './used-files.js';
import { usedMounts } from './used-mounts.js';

/** Runs of the source, and what they did. */
export interface HardenedRuns {
  readonly judged: readonly JudgedRun[];
  readonly executed: KeepPlan['executed'];
  readonly observed: readonly ObservedRun[];
}

/** The first rights to try, and runs under them that have begun. */
export interface FirstRights {
  readonly rights: Rights;
  readonly places: PlacesImage;
  readonly runs: BegunRuns;
  /** As a plain user; where that may do. */
  readonly plainRuns: BegunRuns | undefined;
}

export interface HardenResultSteps {
  readonly runner: Runner;
  readonly progress: Progress;
  /** By name and version. */
  readonly engine: string;
  readonly beginning: Promise<FirstRights>;
}

/** Each round gives what the round before lacked; most need none. */
const ROUNDS_MAX = 8;

/** Calls that a trace leaves out: every profile has them. Only their end shows that a trace is whole. */
export const UNTRACED_CALLS: readonly string[] = BASE.calls.filter((name) => !name.startsWith('exit'));

/**
 * Find the least rights under which a result still does what the source does: begin with what traced runs of the source were
 * seen to need, run the result under everything at once, and give it what it turns out to lack.
 *
 * @throws ShrinkError HARDENING_FAILED  says in what it differs
 */
export async function hardenResult(
  source: Source,
  { judged, executed, observed }: HardenedRuns,
  hardened: HardenedImage,
  { runner, progress, engine, beginning }: HardenResultSteps,
): Promise<Hardening> {
  const { id } = hardened.image;
  const first = await progress.stage('harden', 'rights that the runs were seen to need', async () => {
    const begun = await beginning;
    return [begun, describe(begun.rights)] as const;
  });
  const under: JudgedUnder = { source, judged, hardened, runner, progress, begun: first.runs.take };
  let { rights } = first;
  const widener = { hardened, observed, places: first.places, runner };
  for (let round = 1; ; round++) {
    const failing = await judgeUnder(rights, 'quick', under);
    if (failing === undefined) break;
    if (round > ROUNDS_MAX) throw refused(failing);
    const widened = await widen(rights, failing, widener, progress);
    if (widened === undefined) {
      rights = await withoutRefusals(rights, failing, under);
      break;
    }
    rights = widened;
  }
  const plainUser = await wouldDoAsPlainUser(
    rights,
    judged,
    ({ run }) =>
      first.plainRuns?.take(rights, run) ?? runUnder(rights, run, { id, runner }, { user: PLAIN_USER }),
  );
  return {
    ...rights,
    runs: judged.map(({ run }) => run.run.name).sort(),
    images: [hardened.name],
    engines: [engine],
    ...(plainUser !== undefined && { plainUser }),
    used: {
      ...usedFiles(await source.tree(), hardened.used, executed),
      mounts: usedMounts(
        source.image.config,
        judged.map(({ run }) => run.run.options ?? {}),
      ),
    },
    seen: {
      processes: Math.max(1, ...observed.map(({ observation }) => observation.processesMax)),
      files: Math.max(3, ...observed.map(({ observation }) => observation.filesMax)),
    },
  };
}

function describe({ calls, capabilities }: Rights): string {
  return `${calls.length} system calls, ${capabilities.length === 0 ? 'no capability' : capabilities.map(({ name }) => name).join(', ')}`;
}

/**
 * Nothing was refused that had not been, and yet a run did otherwise. Where samples vary, that may be chance, which costs some
 * runs to tell; where none does, it is a right whose lack is silent.
 *
 * @throws ShrinkError HARDENING_FAILED
 */
async function withoutRefusals(rights: Rights, failing: Failing, under: JudgedUnder): Promise<Rights> {
  const isSameInTheEnd = async () => (await judgeUnder(rights, 'thorough', under)) === undefined;
  const varies = failing.judgement.masked.length > 0;
  if (varies && (await isSameInTheEnd())) return rights;
  const onlyFiles = failing.judgement.differences.every(({ kind }) => kind === 'file');
  for (const further of furtherRights(rights, failing.judged.run.run, onlyFiles))
    if ((await judgeUnder(further, 'quick', under)) === undefined) return further;
  if (!varies && (await isSameInTheEnd())) return rights;
  throw refused(failing);
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

/** Of an ordinary container: nobody's. */
export const PLAIN_USER = '65534:65534';

/** Whether it is worth trying: it is root, and needs no right that a plain user has not. */
export function mayBePlainUser({ capabilities, gaining }: Rights, judged: readonly JudgedRun[]): boolean {
  const isRoot = judged.every(({ run }) => run.trace?.identity.uid === 0);
  return isRoot && capabilities.length === 0 && gaining.length === 0;
}

/** Undefined: it is one, or needs rights that a plain user has not. */
async function wouldDoAsPlainUser(
  rights: Rights,
  judged: readonly JudgedRun[],
  runPlainly: (judged: JudgedRun) => Promise<EndedRun>,
): Promise<boolean | undefined> {
  if (!mayBePlainUser(rights, judged)) return undefined;
  for (const each of judged) {
    await using ended = await runPlainly(each);
    const { differences } = await each.judge.compareOutput(ended);
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
