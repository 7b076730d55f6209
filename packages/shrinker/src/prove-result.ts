import type { BuiltImage } from '@keepset/image-builder';
import type { KeepPlan, ListedPolicy } from '@keepset/keep-planner';
import type { MaskedInRun, Repair } from '@keepset/manifest';
import { type ImageReader, openImageReader } from '@keepset/toolbox';
import { findMissing, type Missing, policiesFrom } from './find-missing.js';
import { type ComparisonWishes, createJudge, type Judge } from './judge.js';
import type { Source } from './open-source.js';
import { printDiff, printDifference } from './print-difference.js';
import { MAIN } from './run-scope.js';
import { ShrinkError } from './shrink-error.js';
import type { ProvenRun } from './source-run.js';
import type { Work } from './work.js';

export interface ProofWishes extends ComparisonWishes {
  /** How often a result that does otherwise than the source may be mended. Default 3; 0 with a locked keep list. */
  readonly repairRounds?: number;
}

/** A result that does what the source does, or, without a run, that nobody asked. */
export interface Proof {
  readonly built: BuiltImage;
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

export interface ProofParts {
  readonly source: Source;
  readonly runs: readonly ProvenRun[];
  readonly plan: KeepPlan;
  /** Makes an image of a plan, of what a reader of the source gives. */
  build(plan: KeepPlan, reader: ImageReader): Promise<BuiltImage>;
  readonly wishes: ProofWishes;
}

const ROUNDS = 3;

/**
 * Build a result and prove that it does what the source does. Where it does not, find out what it lacks, add that and
 * build again. A result that does not prove itself is removed.
 *
 * @throws ShrinkError VERIFICATION_FAILED  says what differs
 */
export async function proveResult(work: Work, parts: ProofParts): Promise<Proof> {
  const { engine, request } = work;
  const { source, runs, build, wishes } = parts;
  const rounds = wishes.repairRounds ?? ROUNDS;
  const judges = runs.map((run) => ({ run, judge: createJudge(run, wishes) }));
  const repairs: Repair[] = [];
  const repaired = new Set<string>();
  let { plan } = parts;
  let { reader } = source;
  let listed: ListedPolicy = request.keep?.listed ?? 'drop';
  for (let round = 1; ; round++) {
    const built = await build(plan, reader);
    try {
      // Nothing more is asked of the source; its removal keeps the engine busy, and need not hold up a run's start.
      const verdicts = await judgeAll(work, judges, built.id, () => round === 1 && work.leave(source));
      const failing = verdicts.filter(({ differences }) => differences.length > 0);
      if (failing.length === 0) return { built, plan, listed, repairs, repaired, ...summed(verdicts) };
      if (round > rounds) throw failed(failing, plan, repairs);
      if (round === 1) {
        // The first one was let go when the result began to run.
        reader = await openImageReader(engine, source.image, source.toolbox, { inBackground: false });
        work.keep(reader);
      }
      let isMended = false;
      for (const { run } of failing) {
        const missing = await repair(run, reader, built, {
          plan,
          name: `repair ${round}`,
          policies: policiesFrom(listed),
        });
        if (missing === undefined) continue;
        isMended = true;
        repairs.push(...toRepairs(round, run.name, missing));
        for (const path of missing.paths) repaired.add(path);
        ({ plan, listed } = missing);
      }
      if (!isMended) throw failed(failing, plan, repairs);
      if (!built.existed) await engine.removeImage(built.id);
    } catch (error) {
      if (!built.existed) await engine.removeImage(built.id);
      throw error;
    }
  }
}

type Verdict = Awaited<ReturnType<Judge['judge']>> & { readonly run: ProvenRun };

async function judgeAll(
  { stages }: Work,
  judges: readonly { readonly run: ProvenRun; readonly judge: Judge }[],
  id: string,
  onStarted: () => void,
): Promise<readonly Verdict[]> {
  return await stages.run('verify', '', async () => {
    const verdicts: Verdict[] = [];
    for (const [index, { run, judge }] of judges.entries())
      verdicts.push({ run, ...(await judge.judge(id, index === 0 ? onStarted : undefined)) });
    const isSame = verdicts.every(({ differences }) => differences.length === 0);
    return [verdicts, isSame ? 'same exit status, output and files' : 'different'] as const;
  });
}

function summed(verdicts: readonly Verdict[]): Pick<Proof, 'masked' | 'comparedFiles'> {
  return {
    masked: verdicts.flatMap(({ run, masked }) => masked.map((each) => ({ ...each, run: run.name }))),
    comparedFiles: verdicts.reduce((sum, { comparedFiles }) => sum + comparedFiles, 0),
  };
}

async function repair(
  run: ProvenRun,
  reader: ImageReader,
  built: BuiltImage,
  before: Parameters<typeof findMissing>[2],
): Promise<Missing | undefined> {
  return await run.work.stages.run('repair', '', async () => {
    const missing = await findMissing({ ...run, source: { ...run.source, reader } }, built.id, before);
    const count = missing?.paths.length ?? 0;
    return [missing, count === 0 ? 'nothing more to keep' : `${count} entries more`] as const;
  });
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
    .flatMap(({ run, differences }) =>
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
      hint:
        plan.listed.length > 0
          ? `It was not named. ${plan.listed.length === 1 ? 'A directory was' : `${plan.listed.length} directories were`} listed: try --listed keep. What may differ: --ignore-output REGEX, --ignore-file GLOB.`
          : 'It was not named. What may differ: --ignore-output REGEX, --ignore-file GLOB; what must stay: --keep GLOB.',
    },
  );
}
