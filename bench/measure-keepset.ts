import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The command of this checkout. */
const CLI = new URL('../packages/cli/dist/keepset.js', import.meta.url).pathname;

/** What a command cost. */
export interface Cost {
  readonly seconds: number;
  /** The highest mark of its memory. */
  readonly peakBytes: number;
}

/** keepset as a user runs it. @throws Error  it failed */
export async function measureKeepset(
  args: readonly string[],
  onOutput: (chunk: Buffer) => void = () => {},
  cli = CLI,
): Promise<Cost> {
  const start = performance.now();
  const child = spawn(cli, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let peakKilobytes = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peakKilobytes = Math.max(peakKilobytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended.
    }
  }, 20);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(-2000);
  });
  child.stdout.on('data', onOutput);
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(timer);
  if (status !== 0) throw new Error(`keepset ${args[0]} failed with ${status}: ${complaint}`);
  return { seconds: (performance.now() - start) / 1000, peakBytes: peakKilobytes * 1024 };
}
