import { EngineError } from '@keepset/docker-engine';
import { ShrinkError } from '../shrink-error.js';

type NotStarted = 'COMMAND_NOT_EXECUTABLE' | 'WRONG_ARCHITECTURE' | 'COMMAND_NOT_FOUND';

/** What the launcher says where the kernel refuses a program. */
const COMPLAINTS: Readonly<Record<NotStarted, RegExp>> = {
  COMMAND_NOT_EXECUTABLE: /Permission denied/,
  WRONG_ARCHITECTURE: /Exec format error/,
  COMMAND_NOT_FOUND: /No such file|not found/,
};

/** Whether an error says that an image has no program of this name, or none that can be executed. */
export function isNotStarted(code: unknown): code is NotStarted {
  return Object.hasOwn(COMPLAINTS, String(code));
}

/** Why a command of the image could not even be started, in keepset's words. */
export function notLaunched(
  command: readonly string[],
  { complaint, exitStatus }: { readonly complaint: string; readonly exitStatus: number },
): ShrinkError {
  const program = command[0] ?? '';
  const code = Object.keys(COMPLAINTS)
    .filter(isNotStarted)
    .find((each) => COMPLAINTS[each].test(complaint));
  if (code !== undefined) return describe(code, program);
  return new ShrinkError(
    'COMMAND_FAILED',
    `'${program}' could not be started (exit status ${exitStatus}): ${complaint.split('\n')[0] ?? ''}`,
  );
}

/**
 * The same, of a command that the engine itself could not start; any other failure as it is.
 *
 * @param spelling  what to do where there is no such program
 */
export function notStarted(
  command: readonly string[],
  failure: Error | undefined,
  spelling?: string,
): Error | undefined {
  if (!(failure instanceof EngineError) || !isNotStarted(failure.code)) return failure;
  return describe(failure.code, command[0] ?? '', spelling);
}

const SPELLING = 'Check its spelling: what follows the image is the command.';

function describe(code: NotStarted, program: string, spelling: string = SPELLING): ShrinkError {
  switch (code) {
    case 'COMMAND_NOT_EXECUTABLE':
      return new ShrinkError(code, `'${program}' may not be executed in the image`, {
        hint: 'Check its mode and the user of the run.',
      });
    case 'WRONG_ARCHITECTURE':
      return new ShrinkError(code, `'${program}' is no program for this architecture`, {
        hint: 'It is a script without #!, or was built for another machine.',
      });
    case 'COMMAND_NOT_FOUND':
      return new ShrinkError(code, `the image has no program '${program}'`, { hint: spelling });
  }
}
