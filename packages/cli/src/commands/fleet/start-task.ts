import { spawn } from 'node:child_process';
import { once } from 'node:events';

const SAID_CHARACTERS_KEPT = 2000;

interface StartOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly signal: AbortSignal;
}

/**
 * Run the process of a task to its end. How it ended is in the record, if that could be written.
 *
 * @returns the end of what it said
 */
export async function startTask(
  [program, ...args]: readonly [string, ...string[]],
  { environment, workingDirectory, signal }: StartOptions,
): Promise<string> {
  // In a group of its own: what ends the caller's group does not end it.
  const child = spawn(program, args, {
    cwd: workingDirectory,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const pass = () => child.kill(signal.reason as NodeJS.Signals);
  signal.addEventListener('abort', pass, { once: true });
  if (signal.aborted) pass();
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-SAID_CHARACTERS_KEPT);
  });
  try {
    await once(child, 'close');
    return said;
  } finally {
    signal.removeEventListener('abort', pass);
  }
}
