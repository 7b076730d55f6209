import { describe, expect, it } from 'vitest';
import { placeInSwarm, type SwarmContainers, type SwarmEngine, swarm } from './swarm.js';

const OPTIONS = {
  ...{ image: 'keepset:1', workingDirectory: '/fleet', mounts: ['/fleet', '/data'] },
  ...{ constraints: ['node.role == worker'], variables: ['A=b'] },
};

/** A manager that has these tasks, by the ids of their jobs. */
function managerOf(tasks: Readonly<Record<string, readonly (readonly [number, string])[]>>) {
  const started: SwarmContainers[] = [];
  const removed: string[] = [];
  const engine: SwarmEngine = {
    startSwarmJob: async (job) => `job${started.push(job)}`,
    listSwarmTasks: async (id) =>
      tasks[id]?.map(([slot, state], at) => ({
        ...{ slot, state, createdAt: `2026-01-01T00:00:0${at}Z` },
        message: state === 'rejected' ? 'No such image: keepset:1' : undefined,
      })),
    removeSwarmJob: async (id) => void removed.push(id),
  };
  return { started, removed, scheduler: swarm({ ...OPTIONS, engine }) };
}

it('is given the place of a task by its slot, and the socket and folders of each node', async () => {
  const { started, scheduler } = managerOf({});
  const jobs: unknown[] = [];
  await scheduler.submit({ count: 3, jobs: 8, command: ['fleet', 'task', 'T'] }, async (job) => {
    jobs.push(job);
  });
  expect(jobs).toEqual([{ id: 'job1', first: 0, count: 3 }]);
  expect(started).toMatchObject([
    {
      args: ['fleet', 'task', 'T'],
      mounts: ['/var/run/docker.sock', '/fleet', '/data'],
      variables: ['A=b', 'KEEPSET_PLACE={{.Task.Slot}}'],
      concurrent: 3,
    },
  ]);
});

it.each([
  ['3', '3'],
  ['0', '0'],
  // As Swarm shows the first slot.
  ['zhg2qcc83wag7a0rlp1js0jkx', '0'],
  ['', undefined],
  ['-1', undefined],
  ['{{.Task.Slot}}', undefined],
  [undefined, undefined],
])('a container that is told %j does the task at %j', (said, place) => {
  expect(placeInSwarm({ KEEPSET_PLACE: said })).toBe(place);
});

describe('of a job it has', () => {
  it.each([
    ['nothing made yet: all wait', [], ['queued', 'queued']],
    ['one that runs', [[0, 'running']], ['running', 'queued']],
    ['one that has ended well', [[0, 'complete']], [undefined, 'queued']],
    [
      'all ended',
      [
        [1, 'complete'],
        [0, 'complete'],
      ],
      [undefined, undefined],
    ],
    [
      'one that is started again after its node died',
      [
        [0, 'orphaned'],
        [0, 'preparing'],
      ],
      ['running', 'queued'],
    ],
    ['one that failed, which is started again in a moment', [[0, 'failed']], ['queued', 'queued']],
    [
      'one that failed as often as it may',
      [
        [0, 'rejected'],
        [0, 'failed'],
        [0, 'rejected'],
        [0, 'rejected'],
      ],
      [undefined, 'queued'],
    ],
    [
      'one that Swarm goes on with, though it failed as often as it may',
      [
        [0, 'failed'],
        [0, 'failed'],
        [0, 'failed'],
        [0, 'failed'],
        [0, 'running'],
      ],
      [undefined, 'queued'],
    ],
    [
      'what ended well, and was made again by mistake',
      [
        [0, 'complete'],
        [0, 'running'],
      ],
      [undefined, 'queued'],
    ],
  ] as const)('%s', async (_, tasks, states) => {
    const { scheduler } = managerOf({ a: tasks });
    const places = await scheduler.places([{ id: 'a', first: 0, count: 2 }]);
    const byPlace = new Map(places.map(({ place, state }) => [place, state]));
    expect([byPlace.get(0), byPlace.get(1)]).toEqual(states);
  });

  it('reasons, where it could not begin what it gave up; then nothing of it is left', async () => {
    const rejected = [0, 'rejected'] as const;
    const { scheduler, removed } = managerOf({
      a: [rejected, rejected, rejected, rejected],
      b: [rejected, [0, 'complete']],
    });
    const jobs = ['a', 'b', 'gone'].map((id) => ({ id, first: 0, count: 1 }));
    expect(await scheduler.end(jobs)).toEqual(['No such image: keepset:1']);
    expect(removed).toEqual(['a', 'b', 'gone']);
  });

  it('nothing where there is no such job', async () => {
    expect(await managerOf({}).scheduler.places([{ id: 'gone', first: 0, count: 2 }])).toEqual([]);
  });
});

describe('of an engine that fails', () => {
  const questionsTo = (error: Error) => {
    const engine: SwarmEngine = {
      startSwarmJob: () => Promise.reject(error),
      listSwarmTasks: () => Promise.reject(error),
      removeSwarmJob: () => Promise.reject(error),
    };
    const scheduler = swarm({ ...OPTIONS, engine });
    const job = { id: 'a', first: 0, count: 1 };
    return [
      scheduler.submit({ count: 1, command: [] }, async () => {}),
      scheduler.places([job]),
      scheduler.end([job]),
    ];
  };

  it('says what the engine says', async () => {
    const error = Object.assign(new Error('This node is not a swarm manager'), { hint: 'docker swarm init' });
    for (const asked of questionsTo(error))
      await expect(asked).rejects.toMatchObject({
        code: 'FLEET_SCHEDULER_FAILED',
        hint: 'docker swarm init',
      });
  });

  it('an interruption is none of its failures', async () => {
    const error = Object.assign(new Error('interrupted'), { code: 'INTERRUPTED' });
    for (const asked of questionsTo(error)) await expect(asked).rejects.toBe(error);
  });
});
