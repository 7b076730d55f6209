import type { Identity } from '@keepset/tracer';
import type { RunOutcome } from './compare-runs.js';
import { ShrinkError } from './shrink-error.js';
import type { SourceRequest } from './work.js';

/** A run of the command in the source that has ended. */
export interface SourceRun extends RunOutcome {
  readonly exitStatus: number;
  /** Wall clock of the run alone. */
  readonly seconds: number;
  /** Of a traced run only. */
  readonly trace?: { readonly identity: Identity; readonly lines: number };
}

/** @throws ShrinkError COMMAND_FAILED */
export function requireSuccess({ allowFailure }: SourceRequest, { exitStatus }: SourceRun): void {
  if (exitStatus === 0 || allowFailure) return;
  throw new ShrinkError(
    'COMMAND_FAILED',
    `the command failed in the source image (exit status ${exitStatus}), so no image was made`,
    { hint: 'Mend the command, or use --allow-failure if it is meant to fail.' },
  );
}
