import { expect, it } from 'vitest';
import type { Console } from './console.js';
import { runStreams } from './run-streams.js';

/** What is written where, in order. */
async function written(isQuiet: boolean, standardOutput: 'out' | 'error'): Promise<readonly string[]> {
  const lines: string[] = [];
  const console = {
    stdin: (async function* () {})(),
    writeOutBytes: async (bytes: Uint8Array) => void lines.push(`out: ${Buffer.from(bytes)}`),
    writeErrorBytes: async (bytes: Uint8Array) => void lines.push(`error: ${Buffer.from(bytes)}`),
  } as unknown as Console;
  const progress = { onEvent() {}, clear: () => void lines.push('clear') };
  const { onOutput } = runStreams(console, { progress, isQuiet, standardOutput });
  await onOutput({ stream: 'stdout', bytes: Buffer.from('a') });
  await onOutput({ stream: 'stderr', bytes: Buffer.from('b') });
  return lines;
}

it.each([
  [false, 'out', ['clear', 'out: a', 'clear', 'error: b']],
  [false, 'error', ['clear', 'error: a', 'clear', 'error: b']],
  [true, 'out', []],
] as const)('quiet %s, standard output to %s', async (isQuiet, standardOutput, lines) => {
  expect(await written(isQuiet, standardOutput)).toEqual(lines);
});
