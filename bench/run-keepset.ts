import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const CLI = new URL('../packages/cli/dist/keepset.js', import.meta.url).pathname;

export interface ShrinkRun {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly report: {
    id: string;
    source: { sizeBytes: number };
    result: { sizeBytes: number };
    run?: { seconds: number };
    stages: Record<string, number>;
  };
}

/** `keepset shrink` as a user runs it, with the highest mark of its memory. */
export async function runKeepset(...args: readonly string[]): Promise<ShrinkRun> {
  const start = performance.now();
  const child = spawn(CLI, ['shrink', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const output = Buffer.concat(await Array.fromAsync(child.stdout as AsyncIterable<Buffer>)).toString();
  const status = await ended;
  clearInterval(timer);
  if (status !== 0) throw new Error(`keepset failed with ${status}: ${complaint}`);
  return {
    seconds: (performance.now() - start) / 1000,
    peakBytes: peakKilobytes * 1024,
    report: JSON.parse(output),
  };
}
