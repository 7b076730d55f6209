import type { Container } from '@keepset/docker-engine';
import type { FileState } from '@keepset/run-comparison';
import type { TracedProcess } from '@keepset/strace-parser';
import type { Identity } from '@keepset/tracer';
import type { RunLogs } from './plan-run.js';
import { requireOutput } from './require-output.js';
import type { EndedRun } from './run-in.js';
import { MAIN, type RunScope } from './run-scope.js';
import { ShrinkError } from './shrink-error.js';
import type { WrittenPath } from './written-paths.js';

/** A run of the command in the source that has ended. */
export interface SourceRun extends Omit<EndedRun, 'container'> {
  readonly exitStatus: number;
  /** Absent of a run that was read from a file, as `files` is of every other. */
  readonly container?: Container;
  /** What the run left where it wrote. */
  readonly files?: ReadonlyMap<string, FileState>;
  /** Of a traced run only: where it wrote. Else its container tells. */
  readonly written?: readonly WrittenPath[];
  /** Of a traced run only. */
  readonly trace?: {
    readonly identity: Identity;
    readonly lines: number;
    /** Whether only some calls were traced. */
    readonly seccompFilter: boolean;
    /** Signals that ended processes of the run, by name. */
    readonly killedBy: readonly string[];
    /** What made what, and what each executed; without the launcher. */
    readonly processes: readonly TracedProcess[];
    readonly logs: RunLogs;
    /** Paths that one of two traced runs used and the other did not; absent if there was one. */
    readonly unsteady?: readonly string[];
  };
}

/** A command, and how it ended in the source. */
export interface ProvenRun extends RunScope {
  readonly run: SourceRun;
}

/**
 * A service is stopped, and its exit status says little; what was asked of it counts.
 *
 * @throws ShrinkError COMMAND_FAILED, EXPECTATION_FAILED
 */
export async function requireSuccess(scope: RunScope, run: SourceRun): Promise<void> {
  const { request } = scope.work;
  await requireOutput(scope, run);
  if (request.allowFailure || request.service !== undefined) return;
  requireExitStatus(scope, run);
}

function requireExitStatus({ name, work: { request } }: RunScope, { exitStatus }: SourceRun): void {
  const wanted = request.expect?.exitStatus ?? 0;
  if (exitStatus === wanted) return;
  if (wanted !== 0)
    throw new ShrinkError(
      'EXPECTATION_FAILED',
      `the run '${name}' ended with ${exitStatus} instead of ${wanted} in the source image, so no image was made`,
    );
  const which = name === MAIN ? 'the command' : `the command of the run '${name}'`;
  throw new ShrinkError(
    'COMMAND_FAILED',
    `${which} failed in the source image (exit status ${exitStatus}), so no image was made`,
    { hint: 'Mend the command, or use --allow-failure if it is meant to fail.' },
  );
}
