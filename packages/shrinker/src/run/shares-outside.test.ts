import type { ServiceStep } from '@keepset/tracer';
import { expect, it } from 'vitest';
import type { Run } from './run.js';
import { sharesOutside } from './shares-outside.js';

const serving = (...steps: readonly ServiceStep[]): Run => ({
  name: 'main',
  command: [],
  service: { ready: [], steps },
});

it.each<[boolean, string, Run]>([
  [false, 'a command', { name: 'main', command: [] }],
  [true, 'a port of its own', { name: 'main', command: [], options: { publish: ['80:80'] } }],
  [false, 'a port that the engine chooses', { name: 'main', command: [], options: { publish: ['80'] } }],
  [false, 'a program in its container', serving({ kind: 'exec', command: ['true'] })],
  [true, "a program on the user's machine, with files there", serving({ kind: 'probe', command: 'true' })],
])('two at a time may get in each other’s way: %s, for %s', (expected, _what, run) => {
  expect(sharesOutside(run)).toBe(expected);
});
