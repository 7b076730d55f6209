import { AsyncDisposableStack } from '@keepset/docker-engine';
import { parsePathPattern } from '@keepset/keep-planner';
import {
  type Comparison,
  type ComparisonOptions,
  compareRuns,
  type RunOutcome,
} from '@keepset/run-comparison';
import { type EndedRun, toOutcome } from '../run/ended-run.js';
import { distinct, type WrittenPath } from '../run/written-paths.js';
import { isBelow } from '../source/is-below.js';

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
  /** Once more, for a further sample. */
  runSource(): Promise<EndedRun>;
}

/** Disposing of it lets go of the samples. */
export interface Judge extends AsyncDisposable {
  /** Run the command in a result and hold it against the source's runs; these are made more where runs seem to vary. */
  judge(ports: JudgePorts): Promise<Judgement>;
}

export interface Judgement extends Comparison {
  /** How many files the source left that were compared. */
  readonly comparedFiles: number;
}

/** In all, the first one included: each costs a run of the command, and only programs that vary need them. */
const SAMPLES_MAX = 5;

/**
 * Compares results with the source: exit status, both outputs, and the files that were written. The source's own are
 * read from now on, in the background.
 *
 * @param first  the run of the source that is there already; the caller's to dispose of
 */
export function createJudge(first: EndedRun, { ignoreOutput = [], ignoreFiles = [] }: CompareOptions): Judge {
  const held = new AsyncDisposableStack();
  const ignoreFile = toFileFilter(ignoreFiles);
  const options: ComparisonOptions = { ignoreOutput, ignoreFile };
  const reader = readerOfLeftFiles(ignoreFile);
  // The files of the first run must be read before another run can write to a folder that they share.
  const firstOutcome = reader.outcomeOf(first, true);
  firstOutcome.catch(() => {});
  const samples: RunOutcome[] = [];

  return {
    async judge({ runResult, runSource }) {
      if (samples.length === 0) samples.push(await firstOutcome);
      await using ended = new AsyncDisposableStack();
      const results = [await reader.outcomeOf(ended.use(await runResult()), true)];
      // What the result alone wrote may be there in the source as well.
      samples[0] = await reader.complete(first, samples[0] as RunOutcome);
      let comparison = await compareRuns(samples, results[0] as RunOutcome, options);
      while (mayBeChance(comparison, samples.length)) {
        // To ask a container of the source for its changes costs as much as the image is large.
        const sample = held.use(await runSource());
        samples.push(await reader.outcomeOf(sample, namesVary(comparison)));
        if (comparison.isLikeNoise) results.push(await reader.outcomeOf(ended.use(await runResult()), true));
        for (const result of results) {
          const others = results.filter((each) => each !== result);
          comparison = await compareRuns(samples, result, { ...options, others });
          if (comparison.differences.length === 0) break;
        }
      }
      return { ...comparison, comparedFiles: countFiles(samples[0]) };
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Whether a file, or a folder above it, matches one of the patterns. */
function toFileFilter(ignoreFiles: readonly string[]): (path: string) => boolean {
  const patterns = ignoreFiles.map(parsePathPattern);
  return (path) => patterns.some(({ matches }) => matches(path) || isBelow(path, (above) => matches(above)));
}

/** Reads what runs left, wherever any of them may have written. */
interface LeftFilesReader {
  /** @param isNew  whether it may have written where no other run has */
  outcomeOf(ended: EndedRun, isNew: boolean): Promise<RunOutcome>;
  /** What of a run was not asked for yet, of places that other runs have shown. */
  complete(ended: EndedRun, outcome: RunOutcome): Promise<RunOutcome>;
}

function readerOfLeftFiles(ignoreFile: (path: string) => boolean): LeftFilesReader {
  let places: readonly WrittenPath[] = [];
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
      const further = places.filter(({ path, isShared }) => !outcome.files.has(path) && !isShared);
      return { ...outcome, files: new Map([...outcome.files, ...(await read(ended, further))]) };
    },
  };
}

/** Whether files are there, or not there, that should not: then samples may have others yet. */
function namesVary({ differences }: Comparison): boolean {
  return differences.some(
    (each) => each.kind === 'file' && (each.aspect === 'missing' || each.aspect === 'extra'),
  );
}

/** The second run of the source tells what varies; further ones are worth it only where the difference looks so. */
function mayBeChance({ differences, isLikeNoise }: Comparison, sampleCount: number): boolean {
  if (differences.length === 0 || sampleCount >= SAMPLES_MAX) return false;
  return sampleCount === 1 ? differences.every(({ kind }) => kind !== 'not-started') : isLikeNoise;
}

function countFiles(sample: RunOutcome | undefined): number {
  return [...(sample?.files.values() ?? [])].filter(({ type }) => type !== 'directory').length;
}
