import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { OutputChunk } from '@keepset/docker-engine';

/**
 * Run a command of the caller's by `sh -c` on this machine. When it is aborted, everything that it started goes with it.
 *
 * @param environment  all of its variables
 * @returns its exit status, 128 + N after signal N as a shell has it
 * @throws Error  when there is no sh, or the signal aborts it
 */
export async function runProbe(
  command: string,
  environment: Readonly<Record<string, string | undefined>>,
  { signal, onOutput }: { signal: AbortSignal; onOutput: (chunk: OutputChunk) => void | Promise<void> },
): Promise<number> {
  signal.throwIfAborted();
  // In a process group of its own, by which it can be ended as a whole.
  const child = spawn('sh', ['-c', command], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const end = () => {
    if (child.pid !== undefined) killGroup(child.pid);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const ended = new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status, name) =>
        resolve(status ?? SIGNALLED + (name ? constants.signals[name] : 0)),
      );
    });
    const drain = async (stream: 'stdout' | 'stderr') => {
      for await (const bytes of child[stream]) await onOutput({ stream, bytes: bytes as Uint8Array });
    };
    const [status] = await Promise.all([ended, drain('stdout'), drain('stderr')]);
    signal.throwIfAborted();
    return status;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

const SIGNALLED = 128;

/** @see kill(2): a negative number is a group */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
