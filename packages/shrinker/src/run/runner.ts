import type { Engine, ImageDetails, OutputChunk } from '@keepset/docker-engine';
import type { Source } from '../source/open-source.js';
import type { EndedRun } from './ended-run.js';
import type { Run } from './run.js';
import { type RunInImageOptions, runInImage } from './run-in-image.js';
import type { SharedInput } from './shared-input.js';
import { type TracedEnd, type TraceInImageOptions, traceInImage } from './trace-in-image.js';

/** Takes what a program prints, as it comes. */
export type OnOutput = (chunk: OutputChunk) => void | Promise<void>;

/** Where the runs of one source take place. */
export interface RunPlace {
  readonly engine: Engine;
  /** Results are run with its ports, its HEALTHCHECK, its toolbox. */
  readonly source: Source;
  readonly input: SharedInput;
  /** On this machine, for outputs. */
  readonly folder: string;
}

/** Runs commands in a source and in what is made of it. */
export interface Runner {
  /** As `docker run` would, with nothing beside it. See `runInImage`. */
  run(run: Run, id: string, options: RunInImageOptions): Promise<EndedRun>;
  /** With strace beside it. See `traceInImage`. */
  trace(run: Run, image: ImageDetails, options: TraceInImageOptions): Promise<TracedEnd>;
}

export function createRunner(place: RunPlace): Runner {
  return {
    run: (run, id, options) => runInImage(place, run, id, options),
    trace: (run, image, options) => traceInImage(place, run, image, options),
  };
}
