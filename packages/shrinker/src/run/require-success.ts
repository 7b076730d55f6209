import { readBeginning } from '@keepset/run-comparison';
import { ShrinkError } from '../shrink-error.js';
import type { EndedRun } from './ended-run.js';
import { MAIN, type Run } from './run.js';

/**
 * A run must do in the source what its author expects. A service is stopped, and its exit status says little; what was
 * asked of it counts.
 *
 * @throws ShrinkError COMMAND_FAILED, EXPECTATION_FAILED
 */
export async function requireSuccess(
  run: Run,
  ended: Pick<EndedRun, 'exitStatus' | 'output'>,
): Promise<void> {
  await requireOutput(run, ended);
  if (!run.allowFailure && run.service === undefined) requireExitStatus(run, ended);
}

function requireExitStatus({ name, expectation }: Run, { exitStatus }: Pick<EndedRun, 'exitStatus'>): void {
  const wanted = expectation?.exitStatus ?? 0;
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
    { hint: 'Mend the command, or allow it to fail if it is meant to.' },
  );
}

const NAMES = { stdout: 'standard output', stderr: 'standard error' } as const;

async function requireOutput(
  { name, expectation }: Run,
  { output }: Pick<EndedRun, 'output'>,
): Promise<void> {
  for (const stream of ['stdout', 'stderr'] as const) {
    const pattern = expectation?.[stream];
    if (pattern === undefined || pattern.test(`${await readBeginning(output[stream], READ_BYTES_MAX)}`))
      continue;
    throw new ShrinkError(
      'EXPECTATION_FAILED',
      `the ${NAMES[stream]} of the run '${name}' has nothing like ${pattern.source} in the source image, so no image was made`,
    );
  }
}

/** A pattern is for what people read. */
const READ_BYTES_MAX = 16 * 1024 * 1024;
