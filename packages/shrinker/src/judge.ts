import type { Container } from '@keepset/docker-engine';
import { parsePathPattern } from '@keepset/keep-planner';
import {
  type Comparison,
  type ComparisonOptions,
  compareRuns,
  type FileState,
  type RunOutcome,
} from '@keepset/run-comparison';
import { isBelow } from './is-below.js';
import { readLeftFiles } from './left-files.js';
import { type EndedRun, runIn } from './run-in.js';
import type { ProvenRun } from './source-run.js';
import { distinct, mountedIn, type WrittenPath, writtenByContainer } from './written-paths.js';

/** What of a difference is not to count. */
export interface ComparisonWishes {
  /** Of lines of output, what matches is not compared. */
  readonly ignoreOutput?: readonly RegExp[];
  /** Patterns (`PathPattern`) of files that are not compared. */
  readonly ignoreFiles?: readonly string[];
}

export interface Judge {
  /** Run the command in an image and hold it against the source's runs; these are made more where runs seem to vary. */
  judge(id: string, onStarted?: () => void): Promise<Comparison & { readonly comparedFiles: number }>;
}

/** In all, the first one included: each costs a run of the command, and only programs that vary need them. */
const SAMPLES_MAX = 5;

/**
 * Compares results with the source: exit status, both outputs, and the files that were written. The source's own are
 * read from now on, in the background.
 */
export function createJudge(
  proven: ProvenRun,
  { ignoreOutput = [], ignoreFiles = [] }: ComparisonWishes,
): Judge {
  const { work, source, run } = proven;
  const mounted = mountedIn(proven);
  const patterns = ignoreFiles.map(parsePathPattern);
  const ignoreFile = (path: string) =>
    patterns.some(({ matches }) => matches(path) || isBelow(path, (above) => matches(above)));
  const options: ComparisonOptions = { ignoreOutput, ignoreFile };
  const readFiles = (container: Container, all: readonly WrittenPath[]) =>
    readLeftFiles(
      container,
      all.filter(({ path }) => !ignoreFile(path)),
      work.folder,
    );
  const writtenIn = async (container: Container) =>
    await writtenByContainer(container, await source.readTree(), mounted);
  /** What the first run left; one that was read from a file tells only where it wrote itself. */
  const leftIn = async (places: readonly WrittenPath[]) => {
    if (run.container !== undefined) return await readFiles(run.container, places);
    return new Map([...(run.files ?? [])].filter(([path]) => !ignoreFile(path)));
  };
  // The files of the first run must be read before another run can write to a folder that they share.
  const first = (async () => {
    const places = run.written ?? (run.container === undefined ? [] : await writtenIn(run.container));
    return { places, outcome: toOutcome(run, await leftIn(places)) };
  })();
  first.catch(() => {});
  const samples: RunOutcome[] = [];
  let places: readonly WrittenPath[] = [];

  /** @param isNew  whether it may have written where no other run has */
  async function outcomeOf(ended: EndedRun, isNew: boolean): Promise<RunOutcome> {
    if (isNew) places = distinct([...places, ...(await writtenIn(ended.container))]);
    return toOutcome(ended, await readFiles(ended.container, places));
  }

  return {
    async judge(id, onStarted) {
      const begun = await first;
      if (samples.length === 0) {
        samples.push(begun.outcome);
        places = begun.places;
      }
      await using containers = disposables();
      const own = (container: AsyncDisposable) => containers.add(container);
      const runResult = async () =>
        await outcomeOf(
          await runIn(proven, id, { name: 'verify', ...(onStarted && { onStarted }) }, own),
          true,
        );
      const results = [await runResult()];
      // What the result alone wrote may be there in the source as well.
      const [sample] = samples as [RunOutcome];
      const further = places.filter(({ path, isShared }) => !sample.files.has(path) && !isShared);
      samples[0] = {
        ...sample,
        files: new Map([...sample.files, ...(await leftIn(further))]),
      };
      let comparison = await compareRuns(samples, results[0] as RunOutcome, options);
      while (mayBeChance(comparison, samples.length)) {
        // To ask a container of the source for its changes costs as much as the image is large.
        const sampled = await runIn(proven, source.image.id, { name: 'sample' });
        samples.push(await outcomeOf(sampled, namesVary(comparison)));
        if (comparison.isLikeNoise) results.push(await runResult());
        for (const result of results) {
          const others = results.filter((each) => each !== result);
          comparison = await compareRuns(samples, result, { ...options, others });
          if (comparison.differences.length === 0) break;
        }
      }
      return { ...comparison, comparedFiles: countFiles(samples[0]) };
    },
  };
}

/** Whatever is added is disposed of with it: AsyncDisposableStack, which Node 22 has not. */
function disposables(): AsyncDisposable & { add(one: AsyncDisposable): void } {
  const all: AsyncDisposable[] = [];
  return {
    add: (one) => void all.push(one),
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((one) => one[Symbol.asyncDispose]()));
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

function countFiles({ files }: RunOutcome): number {
  return [...files.values()].filter(({ type }) => type !== 'directory').length;
}

function toOutcome(
  { exitStatus, failure, output, steps }: Omit<EndedRun, 'container'>,
  files: ReadonlyMap<string, FileState>,
): RunOutcome {
  return { exitStatus, ...(failure !== undefined && { failure: failure.message }), ...output, steps, files };
}
