import { expect, it } from 'vitest';
import { planTasks } from '../tasks/plan-tasks.js';
import { compareRounds } from './compare-rounds.js';
import type { Outcome } from './outcome.js';

const tasksOf = (digests: Readonly<Record<string, string>>) =>
  planTasks(
    Object.keys(digests).map((name) => ({
      ...{ name, image: name, command: ['shrink', name], inputs: {}, results: [], folders: [] },
      manifest: undefined,
    })),
    { digests: new Map(Object.entries(digests)), version: '1' },
  );

it('compares how tasks had ended when a round was over', () => {
  const first = tasksOf({ moved: '1', kept: '1', again: '1', gone: '1' });
  const second = tasksOf({ moved: '2', kept: '1', again: '1', new: '1', waits: '1' });
  const outcomes = new Map<string, Outcome>();
  const end = (tasks: typeof first, name: string, round: number, state: Outcome['state']) => {
    const { key, image, command } = tasks.find((each) => each.name === name) as (typeof tasks)[number];
    outcomes.set(key, {
      ...{ outcomeVersion: 1, key, name, image, command, state, round, exitStatus: 0 },
      ...{ startedAt: '', seconds: 1, machine: '' },
    });
  };
  end(first, 'moved', 1, 'done');
  end(second, 'moved', 2, 'failed');
  end(first, 'kept', 1, 'done');
  // What it came to in the first round was written over.
  end(first, 'again', 2, 'done');
  end(first, 'gone', 1, 'done');
  end(second, 'new', 2, 'refused');
  const compared = compareRounds(
    { round: { number: 1 }, tasks: first },
    { round: { number: 2 }, tasks: second },
    outcomes,
  );
  const stateOf = (side: Outcome | undefined | null) => (side === null ? 'none' : side?.state);
  expect(compared.map(({ name, before, after }) => [name, stateOf(before), stateOf(after)])).toEqual([
    ['again', undefined, 'done'],
    ['gone', 'done', 'none'],
    ['kept', 'done', 'done'],
    ['moved', 'done', 'failed'],
    ['new', 'none', 'refused'],
    ['waits', 'none', undefined],
  ]);
});
