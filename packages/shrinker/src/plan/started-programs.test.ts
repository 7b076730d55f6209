import { expect, it } from 'vitest';
import { countStarted } from './started-programs.js';

type Noted = readonly [pid: number, action: 'execute' | 'open', errno?: string];

it.each<[string, readonly Noted[], number]>([
  ['nothing was traced', [], 0],
  [
    'process 1 started nothing',
    [
      [1, 'execute'],
      [1, 'open'],
    ],
    0,
  ],
  [
    'process 1 started two',
    [
      [1, 'execute'],
      [7, 'execute'],
      [8, 'execute'],
    ],
    2,
  ],
  [
    'a child of it started one',
    [
      [1, 'execute'],
      [7, 'open'],
      [9, 'execute'],
    ],
    1,
  ],
  [
    'an entrypoint started some, and then became the service',
    [
      [1, 'execute'],
      [7, 'execute'],
      [1, 'execute'],
      [1, 'open'],
    ],
    0,
  ],
  [
    'so it did, and the service started one',
    [
      [1, 'execute'],
      [7, 'execute'],
      [1, 'execute'],
      [8, 'execute'],
    ],
    1,
  ],
  [
    'what was started could not be',
    [
      [1, 'execute'],
      [7, 'execute', 'ENOENT'],
    ],
    0,
  ],
])('where %s', (_what, noted, count) => {
  const started = countStarted();
  for (const [pid, action, errno] of noted) started.note({ pid, action, errno });
  expect(started.count).toBe(count);
});
