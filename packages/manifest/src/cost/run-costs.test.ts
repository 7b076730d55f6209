import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../listing/folder-of.js';
import { costRuns, costRunsByGroup, type NamedRun, type RunFile } from './run-costs.js';

const SIZES: Readonly<Record<string, number>> = {
  '/a': 1,
  '/b': 20,
  '/b/c': 300,
  '/d/e/f': 4000,
  '/d/g': 50_000,
};

function run(name: string, ...paths: readonly string[]): NamedRun {
  return { name, files: new Map(paths.map((path) => [path, { sizeBytes: SIZES[path] ?? 0 }])) };
}

const amount = (paths: number, sizeBytes: number) => ({ paths, sizeBytes });

it('tells what is unique, shared and added, in the order given', () => {
  const runs = [run('base', '/', '/a', '/b'), run('maps', '/', '/b', '/b/c'), run('none', '/')];
  expect(costRuns(runs)).toEqual({
    union: amount(4, 321),
    runs: [
      {
        run: 'base',
        total: amount(3, 21),
        unique: amount(1, 1),
        shared: amount(2, 20),
        marginal: amount(3, 21),
        rest: amount(3, 320),
      },
      {
        run: 'maps',
        total: amount(3, 320),
        unique: amount(1, 300),
        shared: amount(2, 20),
        marginal: amount(1, 300),
        rest: amount(3, 21),
      },
      {
        run: 'none',
        total: amount(1, 0),
        unique: amount(0, 0),
        shared: amount(1, 0),
        marginal: amount(0, 0),
        rest: amount(4, 321),
      },
    ],
  });
});

it('counts one content once, whichever of its names a run keeps', () => {
  const first = new Map<string, RunFile>([['/a', { sizeBytes: 5 }]]);
  const second = new Map<string, RunFile>([
    ['/b', { sizeBytes: 5, hardLinkTo: '/a' }],
    ['/c', { sizeBytes: 5, hardLinkTo: '/a' }],
  ]);
  const { union, runs } = costRuns([
    { name: 'first', files: first },
    { name: 'second', files: second },
  ]);
  expect(union).toEqual(amount(3, 5));
  expect(runs.map(({ unique, shared }) => [unique, shared])).toEqual([
    [amount(1, 0), amount(0, 5)],
    [amount(2, 0), amount(0, 5)],
  ]);
});

it('charges a content to the runs that keep it whole, not to one that keeps its name', () => {
  const whole = new Map([['/a', { sizeBytes: 5 }]]);
  const stub = new Map([['/a', { sizeBytes: 0 }]]);
  const { runs } = costRuns([
    { name: 'stub', files: stub },
    { name: 'whole', files: whole },
  ]);
  expect(runs.map(({ marginal }) => marginal)).toEqual([amount(1, 0), amount(0, 5)]);
});

const anyRuns = fc
  .array(fc.subarray(['/', ...Object.keys(SIZES)]), { maxLength: 5 })
  .map((sets) => sets.map((paths, index) => run(`run ${index}`, ...paths)));

describe('laws', () => {
  it('unique and shared are the total; what each adds is the union; without a run, its own is gone', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        const { union, runs: costs } = costRuns(runs);
        for (const key of ['paths', 'sizeBytes'] as const) {
          for (const cost of costs) {
            expect(cost.unique[key] + cost.shared[key]).toBe(cost.total[key]);
            expect(cost.rest[key] + cost.unique[key]).toBe(union[key]);
          }
          expect(costs.reduce((sum, { marginal }) => sum + marginal[key], 0)).toBe(union[key]);
        }
      }),
    );
  });

  it('leaving one out is the union of the others', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        for (const [index, { rest }] of costRuns(runs).runs.entries())
          expect(rest).toEqual(costRuns(runs.filter((_, other) => other !== index)).union);
      }),
    );
  });

  it('folders, which part the paths, sum up to the whole', () => {
    fc.assert(
      fc.property(anyRuns, fc.integer({ min: 1, max: 3 }), (runs, depth) => {
        const whole = costRuns(runs);
        const groups = costRunsByGroup(runs, (path) => [folderOf(path, depth)]);
        const sum = (of: (costs: typeof whole) => number) =>
          groups.reduce((all, group) => all + of(group), 0);
        expect(sum(({ union }) => union.sizeBytes)).toBe(whole.union.sizeBytes);
        for (const index of runs.keys()) {
          for (const key of ['total', 'unique', 'shared', 'marginal'] as const)
            expect(sum((costs) => costs.runs[index]?.[key].sizeBytes ?? 0)).toBe(
              whole.runs[index]?.[key].sizeBytes,
            );
        }
      }),
    );
  });
});
