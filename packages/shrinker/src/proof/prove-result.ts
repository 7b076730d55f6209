import type { KeepPlan, ListedPolicy } from '@keepset/keep-planner';
import { NOT_VERIFIED, type Repair, type Verification } from '@keepset/manifest';
import type { KeepOptions } from '../plan/plan-run.js';
import type { Progress } from '../progress.js';
import type { BuiltResult, ResultBuilder } from '../publish/build-result.js';
import type { Runner } from '../run/runner.js';
import type { Source } from '../source/open-source.js';
import type { CompareOptions } from './judge.js';
import { type JudgedRun, judgeAll, type RunVerdict } from './judge-all.js';
import { flaky, type ReferenceOptions } from './references.js';
import { refusal, resultFlaky } from './refusal.js';
import { repairAll, toRepairs } from './repair.js';
import { toVerification } from './to-verification.js';
import { warnOfTracing } from './warn-of-tracing.js';

export interface ProofOptions extends CompareOptions, ReferenceOptions {
  /** How often a result that differs from the source may be repaired. Default 3. */
  readonly repairRounds?: number;
  /**
   * What results are held against: runs of their own without a tracer, or the traced ones, which costs a run less and
   * takes a program that acts otherwise when traced for what it is then. Default untraced.
   */
  readonly reference?: 'untraced' | 'traced';
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
  readonly verification: Verification;
}

export interface ProofSteps {
  readonly runner: Runner;
  readonly builder: ResultBuilder;
  readonly keep: KeepOptions;
  readonly progress: Progress;
  /** What else is done with a result meanwhile. Default nothing. */
  readonly beside?: {
    begin(id: string, plan: BuiltResult['plan']): Promise<void>;
    /** Before the result is removed. */
    end(): Promise<void>;
  };
}

const ROUNDS = 3;
/** How often a repaired result must do what the source does; and where chance plays a part. */
const PASSES_AFTER_REPAIR = 2;
const PASSES_WITH_CHANCE = 3;

/**
 * Build a result and prove that it does what the source does. Where it does not, find out what it lacks, add that and
 * build again: a repair counts only if the result failed twice without it and passes each time with it. A result that is
 * not verified is removed.
 *
 * @throws ShrinkError VERIFICATION_FAILED  says what differs; COMMAND_FLAKY, RESULT_FLAKY
 */
export async function proveResult(
  source: Source,
  { plan }: { readonly plan: KeepPlan },
  judged: readonly JudgedRun[],
  { repairRounds = ROUNDS, allowFlaky = false, ...options }: ProofOptions,
  steps: ProofSteps,
): Promise<Proof> {
  const { builder, progress, keep, runner, beside } = steps;
  const judgeRuns = (some: readonly JudgedRun[], result: BuiltResult) =>
    progress.stage('verify', '', () => judgeAll(source, runner, some, result, { progress, allowFlaky }));

  const repairs: Repair[] = [];
  let repaired: ReadonlySet<string> = new Set();
  let state = { plan, listed: keep.listed ?? ('drop' as ListedPolicy) };
  let failed: readonly RunVerdict[] = [];
  for (let round = 1; ; round++) {
    const result = await builder.build(state.plan);
    try {
      await beside?.begin(result.image.id, result.plan);
      const verdicts = await judgeRuns(judged, result);
      if (!allowFlaky) requireSteady(verdicts);
      const failing = verdicts.filter(({ differences }) => differences.length > 0);
      if (failing.length === 0) {
        const again = await confirmRepair(failed, verdicts, (some) => judgeRuns(some, result));
        await warnOfTracing(judged, options.reference, progress);
        const verification = toVerification([...verdicts, ...again], judged, options);
        return { result, ...state, repairs, repaired, verification };
      }
      requireConstant(failing);
      const repair = async () =>
        await repairAll(source, steps, failing, { image: await builder.inspect(result), ...state, round });
      const found = round > repairRounds ? [] : await repair();
      if (found.length === 0) {
        await warnOfTracing(failing, options.reference, progress, true);
        throw refusal(failing, state.plan, repairs);
      }
      for (const each of found) repairs.push(...toRepairs(round, each));
      repaired = new Set([...repaired, ...found.flatMap(({ missing }) => missing.paths)]);
      state = found.at(-1)?.missing ?? state;
      failed = failing;
      await beside?.end();
      await builder.discard(result);
    } catch (error) {
      await beside?.end();
      await builder.discard(result);
      throw error;
    }
  }
}

/** The proof of what was not compared. */
export function unverified(plan: KeepPlan, result: BuiltResult, { listed = 'drop' }: KeepOptions): Proof {
  return { result, plan, listed, repairs: [], repaired: new Set(), verification: NOT_VERIFIED };
}

/** @throws ShrinkError COMMAND_FLAKY  a run of the source ends otherwise than another */
function requireSteady(verdicts: readonly RunVerdict[]): void {
  for (const { run, flaky: found } of verdicts) {
    // A service is ended on purpose; what was asked of it counts.
    const [first] = found.filter(({ step }) => step !== undefined || run.run.service === undefined);
    if (first !== undefined) throw flaky(run.run.name, first.statuses.map(String));
  }
}

type JudgeAgain = (some: readonly JudgedRun[]) => Promise<readonly RunVerdict[]>;

/** @throws ShrinkError RESULT_FLAKY  what failed passed when it was run again, without anything having been added */
function requireConstant(failing: readonly RunVerdict[]): void {
  const unsteady = failing.find(({ isUnsteady = false }) => isUnsteady);
  if (unsteady !== undefined) throw resultFlaky(unsteady.run, unsteady.differences);
}

/** @throws ShrinkError RESULT_FLAKY  what a repair seems to have mended fails again */
async function confirmRepair(
  failed: readonly RunVerdict[],
  passed: readonly RunVerdict[],
  judgeAgain: JudgeAgain,
): Promise<readonly RunVerdict[]> {
  const confirmations: RunVerdict[] = [];
  for (const before of failed) {
    const now = passed.find(({ run }) => run === before.run);
    const isChancy = (now?.masked.length ?? 0) > 0 || before.run.run.service !== undefined;
    for (let pass = 1; pass < (isChancy ? PASSES_WITH_CHANCE : PASSES_AFTER_REPAIR); pass++) {
      const [again] = await judgeAgain([before]);
      if (again === undefined) continue;
      if (again.differences.length > 0)
        throw resultFlaky(before.run, [...before.differences, ...again.differences]);
      confirmations.push(again);
    }
  }
  return confirmations;
}
