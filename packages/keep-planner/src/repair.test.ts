import { describe, expect, it } from 'vitest';
import { type ImageNeeds, mergePlans, type PlanOptions, planKeep } from './index.js';
import { access, elfProgram, type TestEntry, testSource } from './test-source.test-helper.js';

const NO_NEEDS: ImageNeeds = { volumes: [] };

const image: Record<string, TestEntry> = {
  '/bin/prog': { content: elfProgram('/lib/ld.so') },
  '/bin/script': '#!/bin/prog\n',
  '/lib/ld.so': { content: elfProgram(undefined) },
  '/link': '-> data',
  '/data/a': 'a',
  '/data/b': 'b',
  '/var/cache/app': 'dir',
};

/** What a run of a result adds to a plan that has nothing but the root. */
async function added(accesses: Parameters<typeof access>[], options: Partial<PlanOptions> = {}) {
  const source = testSource(image);
  const runs = [{ name: 'repair 1', ofResult: true, accesses: accesses.map((each) => access(...each)) }];
  const nothing = await planKeep([], source, { needs: NO_NEEDS });
  const { kept } = await planKeep(runs, source, { needs: NO_NEEDS, ...options });
  return [...kept.keys()].filter((path) => !nothing.kept.has(path));
}

describe('a run of a result tells what it lacks', () => {
  it.each<[string, Parameters<typeof access>, readonly string[]]>([
    ['a file', ['open', '/data/a', { errno: 'ENOENT' }], ['/data', '/data/a']],
    [
      'a file below what is no directory any more',
      ['open', '/data/a', { errno: 'ENOTDIR' }],
      ['/data', '/data/a'],
    ],
    ['a link on the way', ['stat', '/link/b', { errno: 'ENOENT' }], ['/data', '/data/b', '/link']],
    [
      'a loader: the kernel says that the program is not there',
      ['execute', '/bin/prog', { errno: 'ENOENT' }],
      ['/bin', '/bin/prog', '/lib', '/lib/ld.so'],
    ],
    [
      'an interpreter, and its loader',
      ['execute', '/bin/script', { errno: 'ENOENT' }],
      ['/bin', '/bin/prog', '/bin/script', '/lib', '/lib/ld.so'],
    ],
    [
      'the directory of a file that it makes',
      ['create', '/var/cache/app/new', { errno: 'ENOENT' }],
      ['/var', '/var/cache', '/var/cache/app'],
    ],
    ['nothing, where the source has nothing either', ['open', '/data/none', { errno: 'ENOENT' }], []],
    ['nothing, where the call says nothing of the path', ['open', '/data/a', { errno: 'EMFILE' }], []],
  ])('%s', async (_what, asked, paths) => {
    expect(await added([asked])).toEqual(paths);
  });

  it('but what the user does not want stays away', async () => {
    expect(await added([['open', '/data/a', { errno: 'ENOENT' }]], { drop: ['/data/a'] })).toEqual([]);
  });
});

it('keeps entries of directories that were listed elsewhere', async () => {
  const source = testSource(image);
  const { plan, listed } = {
    plan: await planKeep([], source, { needs: NO_NEEDS, listed: 'stub', alsoListed: ['/data' as never] }),
    listed: ['/data'],
  };
  expect(plan.listed).toEqual(listed);
  expect([...plan.kept.values()].filter(({ stub }) => stub).map(({ path }) => path)).toEqual([
    '/data/a',
    '/data/b',
  ]);
});

it('merges two plans: what either keeps, for the reasons of both, and with content if either has it', async () => {
  const source = testSource(image);
  const planOf = (name: string, paths: readonly string[], options: Partial<PlanOptions> = {}) =>
    planKeep([{ name, accesses: paths.map((path) => access('open', path)) }], source, {
      needs: NO_NEEDS,
      ...options,
    });
  const first = await planOf('one', ['/data/a'], { listed: 'stub', alsoListed: ['/data' as never] });
  const merged = mergePlans(first, await planOf('two', ['/data/b', '/bin/prog']));
  expect([...merged.kept.keys()]).toEqual([...merged.kept.keys()].sort());
  expect(merged.kept.get('/data/b' as never)).toMatchObject({
    reasons: [{ rule: 'listed' }, { run: 'two' }],
  });
  expect(merged.kept.get('/data/b' as never)).not.toHaveProperty('stub');
  expect(merged.kept.get('/data/a' as never)?.reasons).toMatchObject([{ run: 'one' }]);
  expect([...merged.kept.keys()]).toContain('/bin/prog');
});
