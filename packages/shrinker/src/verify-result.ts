import { EngineError, toContainerConfig } from '@keepset/docker-engine';
import { runContainer } from '@keepset/tracer';
import { compareRuns, type Difference, type RunOutcome } from './compare-runs.js';
import { recordOutput } from './record-output.js';
import { ShrinkError } from './shrink-error.js';
import { stdinOf } from './standard-input.js';
import type { Work } from './work.js';

/**
 * Run the command in the result and compare.
 *
 * @param id  of the result
 * @param onStarted  called while the command runs
 * @throws ShrinkError VERIFICATION_FAILED  says what differs
 */
export async function verifyResult(
  work: Work,
  id: string,
  source: RunOutcome,
  onStarted: () => void,
): Promise<void> {
  const differences = await work.stages.run('verify', '', async () => {
    const found = await compareRuns(source, await runResult(work, id, onStarted));
    return [found, found.length === 0 ? 'same output' : 'different'] as const;
  });
  if (differences.length === 0) return;
  throw new ShrinkError(
    'VERIFICATION_FAILED',
    `the result does not behave as the source: ${differences.map(printDifference).join('; ')}`,
    {
      hint: 'It was not named. If the output differs on every run (times, random names), make it repeatable, or use --no-verify; if it lists a directory, try --listed stub.',
    },
  );
}

async function runResult(work: Work, id: string, onStarted: () => void): Promise<RunOutcome> {
  const { engine, request, folder } = work;
  await using recorder = await recordOutput(folder, 'result');
  const config = toContainerConfig(id, request.command, request.run);
  await using container = await engine.createContainer(config, 'verify');
  try {
    const exitStatus = await runContainer(container, config, {
      ...stdinOf(work, false),
      onOutput: recorder.write,
      onStarted,
    });
    return { exitStatus, output: await recorder.finish() };
  } catch (error) {
    if (!(error instanceof EngineError) || NOT_THE_RESULTS.has(error.code)) throw error;
    return { exitStatus: undefined, failure: error.message, output: await recorder.finish() };
  }
}

/** Errors that say nothing about the result. */
const NOT_THE_RESULTS: ReadonlySet<string> = new Set(['INTERRUPTED', 'ENGINE_UNREACHABLE', 'NO_SPACE']);

function printDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'not-started':
      return `it could not be started (${difference.reason})`;
    case 'exit-status':
      return `exit status ${difference.result} instead of ${difference.source}`;
    case 'output': {
      const name = difference.stream === 'stdout' ? 'standard output' : 'standard error';
      const [source, result] = [difference.source, difference.result].map((line) =>
        line === undefined ? 'its end' : JSON.stringify(line),
      );
      return `line ${difference.line} of ${name} is ${result} instead of ${source}`;
    }
  }
}
