import { AsyncDisposableStack } from '@keepset/docker-engine';
import { parsePathPattern } from '@keepset/keep-planner';
import {
  type Comparison,
  type ComparisonOptions,
  compareRuns,
  type Difference,
  type RunOutcome,
} from '@keepset/run-comparison';
import { type EndedRun, toOutcome } from '../run/ended-run.js';
import type { LeftFile } from '../run/left-files.js';
import { distinct, type WrittenPath } from '../run/written-paths.js';
import { isBelow } from '../source/is-below.js';
import { besideChance, withoutPlaces } from './beside-chance.js';

/** What of a difference is not to count. */
export interface CompareOptions {
  /** Of lines of output, what matches is not compared. */
  readonly ignoreOutput?: readonly RegExp[];
  /** Patterns (`PathPattern`) of files that are not compared. */
  readonly ignoreFiles?: readonly string[];
}

/** What a judge asks of the world: two ways to run the command. */
interface JudgePorts {
  runResult(): Promise<EndedRun>;
  /**
   * Once more, for a further sample.
   *
   * @param why  in which the result differs from the samples that are there
   * @param count  of samples, with this one
   */
  runSource(why: Difference, count: number): Promise<EndedRun>;
  /** Whether what a run left at a path can be compared: not what the result had in memory. Default: all. */
  isCompared?(path: string): boolean;
  /** What differs once differs: nothing is run again. Default false. */
  readonly isQuick?: boolean;
  /** The source may fail in one run and not in another: then a result must not fail in all. Default false. */
  readonly mayFail?: boolean;
}

/** Disposing of it lets go of the samples. */
export interface Judge extends AsyncDisposable {
  /**
   * Run the command in a result and hold it against runs of the source; these are made more where runs seem to vary. What
   * differs is run again: a difference that comes and goes is chance if the source has it as well.
   */
  judge(ports: JudgePorts): Promise<Judgement>;
  /** Hold another run of the source against the samples: what it printed, and how it ended. */
  compareOutput(run: EndedRun): Promise<Comparison>;
}

export interface Judgement extends Comparison {
  /** Runs of the source by which it was held. */
  readonly samples: number;
  /** The result differed, did what it should when it was run again, and no sample was so. Absent: no. */
  readonly isUnsteady?: boolean;
}

export interface JudgeOptions extends CompareOptions {
  /** A further sample that is on its way. Default none. */
  readonly further?: Promise<EndedRun | undefined>;
  /** Where the reference is known to have written. Default: as its container shows, which costs a question. */
  readonly places?: readonly WrittenPath[];
}

const NO_FURTHER = Promise.resolve(undefined);

/**
 * Of runs of the source, the first one included: each costs a run of the command, and only programs that vary need them.
 * Decision 0019 measured how many right results are refused with five, and with ten.
 */
const QUICK = { seconds: 2, samplesMax: 10, samplesOfDoubt: 5 };
const SLOW = { samplesMax: 5, samplesOfDoubt: 3 };
/** In one of so many runs a result that may fail now and then ends as the reference does. */
const RUNS_TO_SUCCEED = 6;
/** Where a result differs in one way and then in another, or not at all: as many as a quarter of a minute has room for. */
const TO_EXPLAIN = { seconds: 15, samplesMin: 5, samplesMax: 10 };

/**
 * Compares results with the source: exit status, both outputs, and the files that were written. All that the samples
 * have in common must be the same in the result; nothing that a result does widens that.
 *
 * @param reference  an untraced run of the source; the caller's to dispose of
 */
export function createJudge(
  reference: EndedRun | Promise<EndedRun>,
  { ignoreOutput = [], ignoreFiles = [], places, further = NO_FURTHER }: JudgeOptions,
): Judge {
  const held = new AsyncDisposableStack();
  const ignoreFile = toFileFilter(ignoreFiles);
  const options: ComparisonOptions = { ignoreOutput, ignoreFile };
  const reader = readerOfLeftFiles(ignoreFile, places ?? []);
  const samples: LeftOutcome[] = [];
  const readKnown = async (): Promise<readonly KnownSample[]> => {
    const first = await reference;
    const outcome = await reader.outcomeOf(first, places === undefined);
    const second = await further;
    const one = { ended: first, outcome };
    return second === undefined
      ? [one]
      : [one, { ended: second, outcome: await reader.outcomeOf(second, false) }];
  };
  // Files of the source are read as soon as they are there, while the result is built.
  const known = readKnown();
  known.catch(() => {});

  return {
    async judge({ runResult, runSource, isCompared = () => true, isQuick = false, mayFail = false }) {
      await using result = await settled(runResult(), known);
      const outcome = await reader.outcomeOf(result, true);
      // What the result alone wrote may be there in the source as well.
      for (const [at, { ended, outcome: before }] of (await known).entries()) {
        // A sample that was not asked where it wrote says nothing of files with other names.
        const isNew = at > 0 && !haveSamePaths(samples[0] as LeftOutcome, outcome);
        samples[at] = isNew
          ? await reader.outcomeOf(ended, true)
          : await reader.complete(ended, samples[at] ?? before);
      }
      let seconds = (await reference).seconds;
      const compare = async (result: LeftOutcome, isWorthIt = mayBeChance): Promise<Judgement> => {
        for (;;) {
          const comparison = await compareLeft(samples, result, { ...options, isCompared });
          const [difference] = comparison.differences;
          if (difference === undefined || !isWorthIt(comparison, samples.length, seconds))
            return { ...comparison, samples: samples.length };
          const start = performance.now();
          const sample = held.use(await runSource(difference, samples.length + 1));
          // To ask a container of the source for its changes costs as much as the image is large.
          samples.push(await reader.outcomeOf(sample, namesVary(comparison)));
          // What a database leaves takes longer to read than it took to write.
          seconds = Math.max(seconds, (performance.now() - start) / 1000);
        }
      };
      if (isQuick) return await compare(outcome, () => false);
      const earlier = samples.length;
      const first = await compare(
        outcome,
        // What varies may go on in one direction, as a clock does: one sample is to be later than the result.
        (comparison, count, seconds) =>
          mayBeChance(comparison, count, seconds) || (count === earlier && varies(comparison)),
      );
      await using runs = new AsyncDisposableStack();
      const runAgain = async () => await reader.outcomeOf(runs.use(await runResult()), namesVary(first));
      if (!isWrong(first)) {
        const [usual] = samples as [LeftOutcome];
        if (!mayFail || first.flaky.length === 0 || endsAlike(outcome, usual)) return first;
        for (let run = 2; run <= RUNS_TO_SUCCEED; run++) {
          const again = await runAgain();
          if (endsAlike(again, usual)) return await compare(again);
        }
        return { ...first, differences: differencesOfEnds(usual, outcome) };
      }
      const outcomeAgain = await runAgain();
      const second = await compare(outcomeAgain);
      // What is the same twice, no chance did.
      const steady = sameDifferences(first, second);
      if (steady.length > 0) return { ...first, differences: steady };
      // What comes and goes is chance only if the source does it as well.
      const explained = await compare(outcome, isWorthExplaining);
      const explainedAgain = await compare(outcomeAgain, isWorthExplaining);
      const [wrong, other] = isWrong(explained) ? [explained, explainedAgain] : [explainedAgain, explained];
      if (!isWrong(wrong)) return other;
      const places = besideChance(wrong);
      if (!isWrong(other)) {
        if (places !== undefined) return withoutPlaces(other, places);
        return { ...wrong, isUnsteady: true };
      }
      const otherPlaces = besideChance(other);
      if (places === undefined || otherPlaces === undefined || sameDifferences(wrong, other).length > 0)
        return wrong;
      // What is wrong beside chance in its own way each time may be chance; a fault is there the third time as well.
      const third = await compare(await runAgain());
      return isWrong(third) ? wrong : withoutPlaces(third, [...places, ...otherPlaces]);
    },
    async compareOutput(run) {
      const of = (outcome: Omit<RunOutcome, 'files'>): RunOutcome => ({ ...outcome, files: new Map() });
      const known = samples.length > 0 ? samples : [of(toOutcome(await reference))];
      return await compareRuns(known.map(of), of(toOutcome(run)), options);
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** A run of the source that nobody had to ask for, and what it left. */
interface KnownSample {
  readonly ended: EndedRun;
  readonly outcome: LeftOutcome;
}

/** @throws what the source failed with, first of all; the result is let go of then */
async function settled(running: Promise<EndedRun>, source: Promise<unknown>): Promise<EndedRun> {
  const [result, known] = await Promise.allSettled([running, source]);
  if (known.status === 'fulfilled') return await running;
  if (result.status === 'fulfilled') await result.value[Symbol.asyncDispose]();
  throw known.reason;
}

/** Whether a file, or a folder above it, matches one of the patterns. */
function toFileFilter(ignoreFiles: readonly string[]): (path: string) => boolean {
  const patterns = ignoreFiles.map(parsePathPattern);
  return (path) => patterns.some(({ matches }) => matches(path) || isBelow(path, (above) => matches(above)));
}

/** How a run ended, and what it left. */
interface LeftOutcome extends RunOutcome {
  readonly files: ReadonlyMap<string, LeftFile>;
}

/** What no run has touched, in a volume that began with files of the image, is in the source and may be left out of a result. */
async function compareLeft(
  samples: readonly LeftOutcome[],
  result: LeftOutcome,
  { isCompared, ...options }: ComparisonOptions & { readonly isCompared: (path: string) => boolean },
): Promise<Comparison> {
  const own = (outcome: LeftOutcome, isOwn: (file: LeftFile, path: string) => boolean): RunOutcome => ({
    ...outcome,
    files: new Map([...outcome.files].filter(([path, file]) => isCompared(path) && isOwn(file, path))),
  });
  const isUntouched = (path: string) => samples.some(({ files }) => files.get(path)?.isOfImage);
  return await compareRuns(
    samples.map((sample) => own(sample, ({ isOfImage = false }) => !isOfImage)),
    own(result, ({ isOfImage = false }, path) => !(isOfImage && isUntouched(path))),
    options,
  );
}

/** Reads what runs left, wherever any of them may have written. */
interface LeftFilesReader {
  /** @param isNew  whether it may have written where no other run has */
  outcomeOf(ended: EndedRun, isNew: boolean): Promise<LeftOutcome>;
  /** What of a run was not asked for yet, of places that other runs have shown. */
  complete(ended: EndedRun, outcome: LeftOutcome): Promise<LeftOutcome>;
}

function readerOfLeftFiles(
  ignoreFile: (path: string) => boolean,
  known: readonly WrittenPath[],
): LeftFilesReader {
  let places = distinct(known);
  const read = async (ended: EndedRun, wanted: readonly WrittenPath[]) => {
    const files = await ended.left.read(wanted.filter(({ path }) => !ignoreFile(path)));
    return new Map([...files].filter(([path]) => !ignoreFile(path)));
  };
  return {
    async outcomeOf(ended, isNew) {
      if (isNew) places = distinct([...places, ...(await ended.left.written())]);
      return { ...toOutcome(ended), files: await read(ended, places) };
    },
    async complete(ended, outcome) {
      const further = places.filter(({ path }) => !outcome.files.has(path));
      return { ...outcome, files: new Map([...outcome.files, ...(await read(ended, further))]) };
    },
  };
}

/** Whether runs leave files that others do not: then one more may leave others yet. */
function namesVary({ differences, masked }: Comparison): boolean {
  return (
    masked.some(({ where }) => where === 'file-names') ||
    differences.some((each) => each.kind === 'file' && (each.aspect === 'missing' || each.aspect === 'extra'))
  );
}

function haveSamePaths(one: LeftOutcome, other: LeftOutcome): boolean {
  return one.files.size === other.files.size && [...one.files.keys()].every((path) => other.files.has(path));
}

/** Of a service, what it answers counts. */
function endsOf({ exitStatus, steps = [] }: RunOutcome): readonly EndOf[] {
  return steps.length > 0
    ? steps.map(({ name, exitStatus }) => ({ step: name, exitStatus }))
    : [{ exitStatus }];
}

interface EndOf {
  readonly step?: string;
  readonly exitStatus: number | undefined;
}

function differencesOfEnds(source: RunOutcome, result: RunOutcome): readonly Difference[] {
  const own = endsOf(result);
  return endsOf(source).flatMap(({ exitStatus, ...step }, at): readonly Difference[] => {
    const end = own[at]?.exitStatus;
    if (exitStatus === undefined || exitStatus === end) return [];
    return [{ kind: 'exit-status', ...step, source: exitStatus, result: end }];
  });
}

function endsAlike(one: RunOutcome, usual: RunOutcome): boolean {
  return differencesOfEnds(usual, one).length === 0;
}

function isWrong({ differences }: Comparison): boolean {
  return differences.length > 0;
}

function isWorthExplaining(_: Comparison, sampleCount: number, seconds: number): boolean {
  const { samplesMin, samplesMax } = TO_EXPLAIN;
  return sampleCount < Math.max(samplesMin, Math.min(samplesMax, Math.floor(TO_EXPLAIN.seconds / seconds)));
}

/** What differs in both. Of files with names made at random, the names say nothing. */
function sameDifferences(one: Comparison, other: Comparison): readonly Difference[] {
  const namesVary = one.masked.some(({ where }) => where === 'file-names');
  const textOf = (difference: Difference) =>
    JSON.stringify(difference, (key, value) => (namesVary && key === 'path' ? undefined : value));
  const others = new Set(other.differences.map(textOf));
  return one.differences.filter((each) => others.has(textOf(each)));
}

function varies({ masked, differences }: Comparison): boolean {
  return masked.length > 0 && differences.every(({ kind }) => kind !== 'not-started');
}

/**
 * A second run of the source shows what varies; further ones are worth it where the difference looks so.
 *
 * @param seconds  that a further sample takes
 */
function mayBeChance(
  { differences, isLikeNoise }: Comparison,
  sampleCount: number,
  seconds: number,
): boolean {
  if (differences.some(({ kind }) => kind === 'not-started')) return false;
  const { samplesMax, samplesOfDoubt } = seconds < QUICK.seconds ? QUICK : SLOW;
  // What takes one of two values by chance does not look like chance at first.
  return sampleCount < (isLikeNoise ? samplesMax : samplesOfDoubt);
}
