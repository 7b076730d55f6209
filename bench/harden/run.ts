import { spawn } from 'node:child_process';

/** How a program ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Run a program to its end. */
export async function run(words: readonly string[], environment: object = {}): Promise<Ended> {
  const [program = '', ...args] = words;
  const start = performance.now();
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString('latin1');
    });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, ...texts, seconds: (performance.now() - start) / 1000 };
}
