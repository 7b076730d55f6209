import { EngineError } from '@keepset/docker-engine';
import { ShrinkError } from './shrink-error.js';

/** How a command was asked for that follows IMAGE. */
const AFTER_IMAGE =
  'What follows IMAGE is the command: check its spelling; options of keepset come before IMAGE.';

/**
 * Why a command of the image could not even be started, in keepset's words.
 *
 * @param spelling  what to do where there is no such program
 */
export function notLaunched(
  command: readonly string[],
  run: { readonly complaint: string; readonly exitStatus: number },
  spelling: string = AFTER_IMAGE,
): ShrinkError {
  const { complaint, exitStatus } = run;
  const program = command[0] ?? '';
  if (/Permission denied/.test(complaint)) {
    return new ShrinkError('COMMAND_NOT_EXECUTABLE', `'${program}' may not be executed in the image`, {
      hint: 'Check its mode and the user of the run (--user).',
    });
  }
  if (/Exec format error/.test(complaint)) {
    return new ShrinkError('WRONG_ARCHITECTURE', `'${program}' is no program for this architecture`, {
      hint: 'It is a script without #!, or was built for another machine.',
    });
  }
  if (/No such file|not found/.test(complaint)) {
    return new ShrinkError('COMMAND_NOT_FOUND', `the image has no program '${program}'`, {
      hint: spelling,
    });
  }
  return new ShrinkError(
    'COMMAND_FAILED',
    `'${program}' could not be started (exit status ${exitStatus}): ${complaint.split('\n')[0] ?? ''}`,
  );
}

/** What a launcher says where an engine says so. */
const COMPLAINTS: Readonly<Record<string, string>> = {
  COMMAND_NOT_FOUND: 'not found',
  COMMAND_NOT_EXECUTABLE: 'Permission denied',
  WRONG_ARCHITECTURE: 'Exec format error',
};

/** The same, of a command that the engine itself could not start; any other failure as it is. */
export function notStarted(
  command: readonly string[],
  failure: Error | undefined,
  spelling?: string,
): unknown {
  const complaint = failure instanceof EngineError ? COMPLAINTS[failure.code] : undefined;
  return complaint === undefined ? failure : notLaunched(command, { complaint, exitStatus: 127 }, spelling);
}
