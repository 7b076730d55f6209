import type { ImageConfig } from '@keepset/docker-engine';
import type { ImageTree } from '@keepset/image-tree';
import type { KeepPlan } from '@keepset/keep-planner';
import type { Readiness } from '@keepset/tracer';

/** What is known of runs, and of what they lead to, when signs are looked for. */
export interface ShrinkFacts {
  readonly config: ImageConfig;
  readonly tree: ImageTree;
  readonly plan: KeepPlan;
  /** At least one. */
  readonly runs: readonly ShrunkRun[];
  /** Whether a package has a file. @param path  real, a byte string */
  readonly isOwned: (path: string) => boolean;
  /** Kept shell scripts of the image's own: see `ownScripts`. */
  readonly scripts: readonly ScriptText[];
}

export interface ShrunkRun {
  readonly exitStatus: number;
  readonly seconds: number;
  /** Signals that ended processes of the run, by name; of a traced run only. */
  readonly killedBy?: readonly string[];
  /** Paths that one of two traced runs kept and the other did not. */
  readonly unsteady?: readonly string[];
  /** How many programs were executed once process 1 was what it was at its end; of a traced run only. */
  readonly startedPrograms?: number;
  /** What was asked of it while it ran; undefined: its end was awaited. */
  readonly service?: AskedService;
  /** What of the same server its answers refer to, and was not asked for: paths, sorted. */
  readonly unasked?: readonly string[];
  /** TZ of its environment. */
  readonly timeZone?: string;
}

interface AskedService {
  /** What was awaited before. */
  readonly awaited: readonly Readiness[];
  /** How many things were asked of it. */
  readonly steps: number;
}

export interface ScriptText {
  /** A byte string, real. */
  readonly path: string;
  /** A byte string. */
  readonly text: string;
}
