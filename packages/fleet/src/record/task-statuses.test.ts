import { describe, expect, it } from 'vitest';
import type { Task } from '../tasks/plan-tasks.js';
import type { Outcome, Work } from './outcome.js';
import { causesOf, isToDo, sumStatuses, type TaskState, taskStatuses } from './task-statuses.js';

const taskOf = (name: string): Task => ({
  ...{ name, image: 'i', command: ['shrink'], inputs: {}, results: [], folders: [] },
  ...{ manifest: undefined, sourceDigest: undefined, key: name },
});
const outcomeOf = (key: string, changed: Partial<Outcome> = {}): Outcome => ({
  ...{ outcomeVersion: 1, key, name: key, image: 'i', command: [], state: 'done', exitStatus: 0, round: 1 },
  ...{ startedAt: '2026-01-01T00:00:00Z', seconds: 1, machine: 'm' },
  ...changed,
});
const result = {
  ...{ id: 'r', sizeBytes: 30, sourceId: 's', sourceBytes: 100 },
  ...{ verdict: 'verified in part', warnings: 0 },
};
const work: Work = { owner: 'alive', machine: 'm', startedAt: '2026-01-01T00:00:00Z', round: 1 };

interface Known {
  readonly outcome?: Outcome;
  readonly work?: Work;
  readonly scheduled?: 'running' | 'queued';
}

it.each<[string, Known, TaskState, boolean]>([
  ['of which nothing is known', {}, 'waiting', true],
  ['that ended', { outcome: outcomeOf('a') }, 'done', false],
  ['that failed', { outcome: outcomeOf('a', { state: 'failed' }) }, 'failed', true],
  ['that was refused', { outcome: outcomeOf('a', { state: 'refused' }) }, 'refused', true],
  ['that somebody does', { work }, 'running', false],
  ['whose doer is gone', { work: { ...work, owner: 'gone' } }, 'lost', true],
  ['that a scheduler has', { scheduled: 'queued' }, 'queued', false],
  [
    'that a scheduler does again',
    { scheduled: 'running', outcome: outcomeOf('a', { state: 'failed' }) },
    'running',
    false,
  ],
  [
    'that failed, and is done again',
    { work, outcome: outcomeOf('a', { state: 'failed' }) },
    'running',
    false,
  ],
  [
    'that is done, whatever was left lying about',
    { work: { ...work, owner: 'gone' }, outcome: outcomeOf('a') },
    'done',
    false,
  ],
])('a task %s is so', (_what, known, state, toDo) => {
  const [status] = taskStatuses([taskOf('a')], {
    outcomes: new Map(known.outcome && [['a', known.outcome]]),
    work: new Map(known.work && [['a', known.work]]),
    scheduled: new Map(known.scheduled && [['a', known.scheduled]]),
    isAtWork: ({ owner }) => owner === 'alive',
  });
  expect(status?.state).toBe(state);
  expect(isToDo(state)).toBe(toDo);
});

const nothing = { work: new Map(), scheduled: new Map(), isAtWork: () => false };

describe('the policies', () => {
  it.each([
    [{}, []],
    [{ sizeBytesMax: 30, shareMax: 0.3 }, []],
    [{ sizeBytesMax: 29 }, ['size']],
    [{ shareMax: 0.29 }, ['share']],
    [{ verified: true }, ['verdict']],
    [{ verified: false }, []],
  ])('%j say of a result of 30 bytes of 100, verified in part: %j', (limits, exceeds) => {
    const outcomes = new Map([['a', outcomeOf('a', { result })]]);
    const [status] = taskStatuses([taskOf('a')], { ...nothing, outcomes, limits });
    expect(status?.exceeds).toEqual(exceeds);
  });
});

it('failures are told by their causes, the most frequent first', () => {
  const failed = (key: string, code: string) =>
    outcomeOf(key, { state: 'failed', error: { code, message: `${key} ${code}` } });
  const all = [failed('a', 'ONE'), failed('b', 'TWO'), failed('c', 'TWO'), outcomeOf('d', { result })];
  const statuses = taskStatuses(
    all.map(({ key }) => taskOf(key)),
    {
      ...nothing,
      outcomes: new Map(all.map((each) => [each.key, each])),
    },
  );
  expect(causesOf(statuses).map(({ code, message, names }) => [code, message, names])).toEqual([
    ['TWO', 'b TWO', ['b', 'c']],
    ['ONE', 'a ONE', ['a']],
  ]);
  expect(sumStatuses(statuses)).toMatchObject({
    ...{ tasks: 4, sourceBytes: 100, resultBytes: 30 },
    states: { done: 1, failed: 3, waiting: 0 },
  });
});
