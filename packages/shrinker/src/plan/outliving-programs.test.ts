import type { ProcessEnd, Program, TracedProcess } from '@keepset/strace-parser';
import { expect, it } from 'vitest';
import { outlivingPrograms } from './outliving-programs.js';

const process = (pid: number, parent: number | undefined, ...paths: string[]): TracedProcess => ({
  pid,
  parent,
  programs: paths.map((path) => ({ path }) as Program),
});
const EXITED: ProcessEnd = { how: 'exited', status: 0 };
const KILLED: ProcessEnd = { how: 'killed', signal: 'SIGKILL', coreDumped: false };

it.each<[string, TracedProcess[], [number, ProcessEnd][], string[]]>([
  ['nothing was traced', [], [], []],
  [
    'all ended before',
    [process(1, undefined, '/sh'), process(2, 1, '/cat')],
    [
      [2, EXITED],
      [1, EXITED],
    ],
    [],
  ],
  ['one has no end', [process(1, undefined, '/sh'), process(2, 1, '/sleep')], [[1, EXITED]], ['/sleep']],
  [
    'one was killed after it',
    [process(1, undefined, '/sh'), process(2, 1, '/sleep')],
    [
      [1, EXITED],
      [2, KILLED],
    ],
    ['/sleep'],
  ],
  [
    'one was killed before it',
    [process(1, undefined, '/sh'), process(2, 1, '/sleep')],
    [
      [2, KILLED],
      [1, EXITED],
    ],
    [],
  ],
  [
    'it runs what its parent ran',
    [process(1, undefined, '/sh'), process(2, 1, '/daemon'), process(3, 2)],
    [
      [2, EXITED],
      [1, EXITED],
    ],
    ['/daemon'],
  ],
  [
    'several run the same',
    [process(1, undefined, '/sh'), process(2, 1, '/a'), process(3, 1, '/a')],
    [[1, EXITED]],
    ['/a'],
  ],
])('when %s', (_, processes, exits, programs) => {
  expect(outlivingPrograms({ processes, exits: new Map(exits) })).toEqual(programs);
});
