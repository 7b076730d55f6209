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
  /** Called while files that a run left are read. */
  readonly onLeftFiles?: (count: number) => void;
}

/** Runs commands in a source and in what is made of it. */
export interface Runner {
  /** As `docker run` would, with nothing beside it. See `runInImage`. */
  run(run: Run, id: string, options: RunInImageOptions): Promise<EndedRun>;
  /** With strace beside it. See `traceInImage`. */
  trace(run: Run, image: ImageDetails, options: TraceInImageOptions): Promise<TracedEnd>;
}

/**
 * @param tracedPlace  of traced runs of the source, where these have mounts of their own. Default: as all others
 */
export function createRunner(place: RunPlace, tracedPlace: RunPlace = place): Runner {
  const patience = createPatience();
  return {
    async run(run, id, options) {
      return patience.learn(run, await runInImage(place, patience.apply(run), id, options));
    },
    async trace(run, image, options) {
      const where = image.id === place.source.image.id ? tracedPlace : place;
      return patience.learn(run, await traceInImage(where, patience.apply(run), image, options));
    },
  };
}

/** 128 + SIGKILL */
const KILLED = 137;
/** For a service that was seen not to heed its stop signal: it is killed in the end all the same. */
const GRACE_SECONDS_MIN = 1;

/** A service that did not heed its stop signal once is not awaited as long again. */
function createPatience() {
  const stubborn = new Set<string>();
  return {
    apply(run: Run): Run {
      if (run.service === undefined || !stubborn.has(run.name)) return run;
      return { ...run, service: { ...run.service, graceSeconds: GRACE_SECONDS_MIN } };
    },
    learn<T extends EndedRun>({ name, service }: Run, ended: T): T {
      if (service !== undefined && ended.exitStatus === KILLED) stubborn.add(name);
      return ended;
    },
  };
}
