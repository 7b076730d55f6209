import type { TracedProcess } from '@keepset/strace-parser';
import type { Identity } from '@keepset/tracer';
import type { EndedRun } from './ended-run.js';
import type { Run } from './run.js';
import type { RunLogs } from './trace-in-image.js';

/** How a run ended in the source: what results are held against. */
export interface SourceRun {
  readonly run: Run;
  /** ENTRYPOINT and CMD as they were merged. */
  readonly command: readonly string[];
  readonly ended: EndedRun & { readonly exitStatus: number };
  /** Of a traced run only. */
  readonly trace?: TraceFacts;
}

/** What the traces of a run show, beside the files that it used. */
export interface TraceFacts {
  readonly identity: Identity;
  readonly lines: number;
  /** Whether only some calls were traced. */
  readonly seccompFilter: boolean;
  /** Signals that ended processes of the run, by name. */
  readonly killedBy: readonly string[];
  /** How many programs were executed once process 1 was what it was at its end. */
  readonly startedPrograms: number;
  /** What made what, and what each executed; without the launcher. */
  readonly processes: readonly TracedProcess[];
  readonly logs: RunLogs;
  /** What of the same server the answers of a service refer to, and was not asked for; sorted. Default nothing. */
  readonly unasked?: readonly string[];
  /** Paths that one of two traced runs used and the other did not; absent if there was one. */
  readonly unsteady?: readonly string[];
}
