import type { Container } from '@keepset/docker-engine';
import type { RunOutcome, StepOutcome } from '@keepset/run-comparison';
import type { StepOutcome as Answer } from '@keepset/tracer';
import { type LeftFile, type ReadLeftFilesOptions, readLeftFiles } from './left-files.js';
import type { OutputRecord } from './record-output.js';
import type { WrittenPath } from './written-paths.js';

/** A run that has ended. What it left stays to be asked for until it is disposed of. */
export interface EndedRun extends AsyncDisposable {
  /** 128 + N after signal N. Undefined: it could not be started, or not be asked everything; `failure` says why. */
  readonly exitStatus: number | undefined;
  readonly failure?: Error;
  readonly output: OutputRecord;
  /** What was asked of a service, in order. */
  readonly steps: readonly StepOutcome[];
  /** Whether each of these was answered as it should be. */
  readonly answers: readonly Answer[];
  /** Wall clock of the run alone. */
  readonly seconds: number;
  readonly left: LeftFiles;
}

/** The files that a run left. */
export interface LeftFiles {
  /** Where it may have written. */
  written(): Promise<readonly WrittenPath[]>;
  /** What is at these places now, and below those that are new. */
  read(places: readonly WrittenPath[]): Promise<ReadonlyMap<string, LeftFile>>;
}

export function filesInContainer(
  container: Container,
  written: () => Promise<readonly WrittenPath[]>,
  options: () => Promise<ReadLeftFilesOptions>,
): LeftFiles {
  return { written, read: async (places) => await readLeftFiles(container, places, await options()) };
}

/** How a run ended, without the files that it left, as comparisons take it. */
export function toOutcome({ exitStatus, failure, output, steps }: EndedRun): Omit<RunOutcome, 'files'> {
  return { exitStatus, ...(failure !== undefined && { failure: failure.message }), ...output, steps };
}
