import { AsyncDisposableStack } from '@keepset/docker-engine';
import type { KeepPlan, ListedPolicy } from '@keepset/keep-planner';
import type { MaskedInRun, Repair } from '@keepset/manifest';
import type { KeepOptions } from '../plan/plan-run.js';
import type { Progress } from '../progress.js';
import type { BuiltResult, ResultBuilder } from '../publish/build-result.js';
import { MAIN } from '../run/run.js';
import type { Runner } from '../run/runner.js';
import type { SourceRun } from '../run/source-run.js';
import { ShrinkError } from '../shrink-error.js';
import type { Source } from '../source/open-source.js';
import { findMissing, type Missing, policiesFrom } from './find-missing.js';
import { type CompareOptions, createJudge, type Judge, type Judgement } from './judge.js';
import { printDiff, printDifference } from './print-difference.js';

export interface ProofOptions extends CompareOptions {
  /** How often a result that differs from the source may be repaired. Default 3. */
  readonly repairRounds?: number;
}

/** A result that does what the source does, or, without a run, that was not compared. */
export interface Proof {
  readonly result: BuiltResult;
  readonly plan: KeepPlan;
  /** What became of the other entries of directories that were listed. */
  readonly listed: ListedPolicy;
  readonly repairs: readonly Repair[];
  /** All that repairs added, with the directories on the way. */
  readonly repaired: ReadonlySet<string>;
  /** What was no evidence, since runs of the source vary in it. */
  readonly masked: readonly MaskedInRun[];
  /** How many files the runs left that were compared. */
  readonly comparedFiles: number;
}

export interface ProofSteps {
  readonly runner: Runner;
  readonly builder: ResultBuilder;
  readonly keep: KeepOptions;
  readonly progress: Progress;
}

const ROUNDS = 3;

/**
 * Build a result and prove that it does what the source does. Where it does not, find out what it lacks, add that and
 * build again. A result that is not verified is removed.
 *
 * @throws ShrinkError VERIFICATION_FAILED  says what differs
 */
export async function proveResult(
  source: Source,
  planned: { readonly runs: readonly SourceRun[]; readonly plan: KeepPlan },
  { repairRounds = ROUNDS, ...options }: ProofOptions,
  steps: ProofSteps,
): Promise<Proof> {
  const { builder, progress, keep } = steps;
  await using judges = new AsyncDisposableStack();
  const judged = planned.runs.map((run) => ({ run, judge: judges.use(createJudge(run.ended, options)) }));
  const repairs: Repair[] = [];
  const repaired = new Set<string>();
  let { plan } = planned;
  let listed: ListedPolicy = keep.listed ?? 'drop';
  for (let round = 1; ; round++) {
    const result = await builder.build(plan);
    try {
      const verdicts = await progress.stage('verify', '', () =>
        judgeAll(source, steps.runner, judged, result),
      );
      const failing = verdicts.filter(({ differences }) => differences.length > 0);
      if (failing.length === 0) return { result, plan, listed, repairs, repaired, ...summed(verdicts) };
      if (round > repairRounds) throw failed(failing, plan, repairs);
      const found = await repairAll(source, steps, failing, { result, plan, listed, round });
      if (found.length === 0) throw failed(failing, plan, repairs);
      for (const { missing, run } of found) {
        repairs.push(...toRepairs(round, run, missing));
        for (const path of missing.paths) repaired.add(path);
        ({ plan, listed } = missing);
      }
      await builder.discard(result);
    } catch (error) {
      await builder.discard(result);
      throw error;
    }
  }
}

/** The proof of what was not compared. */
export function unverified(plan: KeepPlan, result: BuiltResult, { listed = 'drop' }: KeepOptions): Proof {
  return { result, plan, listed, repairs: [], repaired: new Set(), masked: [], comparedFiles: 0 };
}

interface Verdict extends Judgement {
  readonly run: SourceRun;
}

async function judgeAll(
  source: Source,
  runner: Runner,
  judged: readonly { readonly run: SourceRun; readonly judge: Judge }[],
  { image: { id } }: BuiltResult,
): Promise<readonly [readonly Verdict[], string]> {
  const verdicts: Verdict[] = [];
  for (const { run, judge } of judged) {
    const judgement = await judge.judge({
      // Nothing more is asked of the source; its removal keeps the engine busy, and need not hold up a run's start.
      runResult: () => runner.run(run.run, id, { role: 'verify', onStarted: source.closeReader }),
      runSource: () => runner.run(run.run, source.image.id, { role: 'sample' }),
    });
    verdicts.push({ run, ...judgement });
  }
  const isSame = verdicts.every(({ differences }) => differences.length === 0);
  return [verdicts, isSame ? 'same exit status, output and files' : 'different'];
}

function summed(verdicts: readonly Verdict[]): Pick<Proof, 'masked' | 'comparedFiles'> {
  return {
    masked: verdicts.flatMap(({ run, masked }) => masked.map((each) => ({ ...each, run: run.run.name }))),
    comparedFiles: verdicts.reduce((sum, { comparedFiles }) => sum + comparedFiles, 0),
  };
}

interface RepairState {
  readonly result: BuiltResult;
  readonly plan: KeepPlan;
  readonly listed: ListedPolicy;
  readonly round: number;
}

/** What the result lacks for each run that differs: each adds to the plan of the one before. */
async function repairAll(
  source: Source,
  { runner, builder, keep, progress }: ProofSteps,
  failing: readonly Verdict[],
  { result, round, ...state }: RepairState,
): Promise<readonly { readonly run: string; readonly missing: Missing }[]> {
  const found: { run: string; missing: Missing }[] = [];
  const image = await builder.inspect(result);
  let { plan, listed } = state;
  for (const { run } of failing) {
    const missing = await progress.stage('repair', '', async () => {
      const missing =
        image &&
        (await findMissing(source, runner, run.run, image, {
          plan,
          keep,
          name: `repair ${round}`,
          policies: policiesFrom(listed),
          ...(run.trace && { seccompFilter: run.trace.seccompFilter }),
        }));
      const count = missing?.paths.length ?? 0;
      return [missing, count === 0 ? 'nothing more to keep' : `${count} entries more`] as const;
    });
    if (missing === undefined) continue;
    found.push({ run: run.run.name, missing });
    ({ plan, listed } = missing);
  }
  return found;
}

/** Of all that is added, what is not only a directory on the way to another. */
function toRepairs(round: number, run: string, { paths, plan }: Missing): readonly Repair[] {
  return paths.flatMap((path) => {
    const reasons = plan.kept.get(path as never)?.reasons ?? [];
    const own = reasons.filter(
      (reason) =>
        (reason.kind === 'access' && reason.run === `repair ${round}`) ||
        (reason.kind === 'rule' && reason.rule !== 'parent'),
    );
    return own.length === 0 ? [] : [{ round, run, path, reasons: own }];
  });
}

const DIFFERENCES_SHOWN = 3;

function failed(failing: readonly Verdict[], plan: KeepPlan, repairs: readonly Repair[]): ShrinkError {
  const differences = failing.flatMap(({ differences }) => differences);
  const shown = failing
    .flatMap(({ run: { run }, differences }) =>
      differences.map((each) => `${run.name === MAIN ? '' : `run '${run.name}': `}${printDifference(each)}`),
    )
    .slice(0, DIFFERENCES_SHOWN);
  const others = differences.length - shown.length;
  const repaired =
    repairs.length === 0 ? '' : ` though ${repairs.length} paths were added that it lacked at first`;
  return new ShrinkError(
    'VERIFICATION_FAILED',
    `the result does not behave as the source${repaired}: ${shown.join('; ')}${others > 0 ? `; and ${others} more` : ''}`,
    {
      details: differences.slice(0, DIFFERENCES_SHOWN).flatMap(printDiff),
      facts: { listedDirectories: plan.listed.length },
      hint: 'It was not named. Say what may differ, or what else must stay.',
    },
  );
}
