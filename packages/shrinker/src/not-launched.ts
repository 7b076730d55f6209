import { ShrinkError } from './shrink-error.js';

/** Why a command of the image could not even be started, in keepset's words. */
export function notLaunched(
  command: readonly string[],
  run: { readonly complaint: string; readonly exitStatus: number },
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
      hint: 'What follows IMAGE is the command: check its spelling; options of keepset come before IMAGE.',
    });
  }
  return new ShrinkError(
    'COMMAND_FAILED',
    `'${program}' could not be started (exit status ${exitStatus}): ${complaint.split('\n')[0] ?? ''}`,
  );
}
