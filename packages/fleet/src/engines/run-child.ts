import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { EndedCommand } from '../record/to-outcome.js';

/** Where and how a process is run. */
export interface ChildOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Aborted, with the name of a signal as its reason: the process gets it, and is waited for. */
  readonly signal: AbortSignal;
  /** In a group of its own: what ends the caller's group does not end it. Default false. */
  readonly detached?: boolean;
  /** Is given what it says, as it says it. */
  readonly onStderr?: (text: string) => void;
}

const STDOUT_CHARACTERS_MAX = 16 * 1024 * 1024;
const STDERR_CHARACTERS_KEPT = 4000;

/**
 * Run a process to its end.
 *
 * @returns how it ended, with what it printed
 * @throws Error  it cannot be started
 */
export async function runChild(
  [program, ...args]: readonly [string, ...string[]],
  { environment, workingDirectory, signal, detached = false, onStderr = () => {} }: ChildOptions,
): Promise<EndedCommand> {
  const child = spawn(program, args, {
    cwd: workingDirectory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
  const pass = () => child.kill(signal.reason as NodeJS.Signals);
  signal.addEventListener('abort', pass, { once: true });
  if (signal.aborted) pass();
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (stdout.length < STDOUT_CHARACTERS_MAX) stdout += text;
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARACTERS_KEPT);
    onStderr(text);
  });
  try {
    const [exitStatus, ended] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { exitStatus, signal: ended, stdout, stderr };
  } finally {
    signal.removeEventListener('abort', pass);
  }
}
