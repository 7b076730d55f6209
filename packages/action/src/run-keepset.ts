import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from './read-inputs.js';

/** How keepset ended. */
export interface Ended {
  readonly exitStatus: number;
  /** The end of what it said on standard error. */
  readonly lines: readonly string[];
}

const LINES_KEPT = 12;
const BYTES_KEPT = 16 * 1024;
/** As a shell tells the end by a signal. */
const SIGNAL_BASE = 128;

/**
 * Run the keepset that is installed with this package, without a shell. What it says is shown as it comes; what the
 * traced command prints is others' text.
 *
 * @param args            words, as they are
 * @param options.show    takes what is printed
 * @param options.signal  ends it: it cleans up, and has the exit status of one that was ended
 */
export async function runKeepset(
  args: readonly string[],
  environment: Environment,
  { show, signal }: { readonly show: (bytes: Uint8Array) => void; readonly signal: AbortSignal },
): Promise<Ended> {
  // After --, no option is Node's own.
  const words = ['--max-semi-space-size=1', '--', keepsetProgram(), ...args];
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
    signal,
  });
  let end = Buffer.alloc(0);
  child.stdout.on('data', show);
  child.stderr.on('data', (bytes: Buffer) => {
    show(bytes);
    end = Buffer.concat([end, bytes]).subarray(-BYTES_KEPT);
  });
  const exitStatus = await new Promise<number>((resolve, reject) => {
    child.on('error', (error) => error.name !== 'AbortError' && reject(error));
    child.on('close', (status, by) =>
      resolve(status ?? SIGNAL_BASE + (by === null ? 0 : constants.signals[by])),
    );
  });
  const lines = end
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '');
  return { exitStatus, lines: lines.slice(-LINES_KEPT) };
}

function keepsetProgram(): string {
  const file = fileURLToPath(import.meta.resolve('keepset/package.json'));
  const { bin } = JSON.parse(readFileSync(file, 'utf8')) as { readonly bin: { readonly keepset: string } };
  return join(dirname(file), bin.keepset);
}
