import { spawn } from 'node:child_process';
import { once } from 'node:events';

interface StartOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly signal: AbortSignal;
}

/** Run the process of a task to its end. How it ended is in the record. */
export async function startTask(
  [program, ...args]: readonly [string, ...string[]],
  { environment, workingDirectory, signal }: StartOptions,
): Promise<void> {
  // In a group of its own: what ends the caller's group does not end it.
  const child = spawn(program, args, {
    cwd: workingDirectory,
    env: environment,
    stdio: 'ignore',
    detached: true,
  });
  const pass = () => child.kill(signal.reason as NodeJS.Signals);
  signal.addEventListener('abort', pass, { once: true });
  if (signal.aborted) pass();
  try {
    await once(child, 'close');
  } finally {
    signal.removeEventListener('abort', pass);
  }
}
