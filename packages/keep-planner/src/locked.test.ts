import { checkTree } from '@keepset/image-tree';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PackageOwners } from './image/package-owners.js';
import {
  compareKeepLists,
  formatKeepList,
  parseKeepList,
  planKeep,
  planLocked,
  planRestored,
} from './index.js';
import type { KeepListEntry } from './lists/keep-list.js';
import { access, testSource } from './test-source.test-helper.js';

const source = testSource({ '/a/b': 'x', '/a/c': 'y', '/etc/passwd': 'root', '/l': '-> a/b', '/z': 'z' });

describe('planLocked', () => {
  it('keeps what a plan kept, by way of its text', async () => {
    const accesses = [access('open', '/l')];
    const plan = await planKeep([{ name: 'main', accesses }], source, { needs: { volumes: [] } });
    const locked = planLocked(parseKeepList(formatKeepList(plan.kept.keys())), source.tree);
    expect([...locked.kept.keys()]).toEqual([...plan.kept.keys()]);
    expect(locked.kept.get([...locked.kept.keys()][0] ?? ('' as never))?.reasons).toContainEqual({
      kind: 'rule',
      rule: 'locked',
    });
  });

  it('adds parents that an edited list forgot', () => {
    const { kept } = planLocked([{ path: '/a/b' }], source.tree);
    expect([...kept.keys()]).toEqual(['/', '/a', '/a/b']);
    expect(checkTree(kept.keys())).toEqual([]);
  });

  it('refuses an image that lacks a path of the list', () => {
    expect(() =>
      planLocked(
        ['/a/b', '/none', '/none/2'].map((path) => ({ path })),
        source.tree,
      ),
    ).toThrow(
      expect.objectContaining({
        code: 'PLAN_LOCKED_MISSING',
        message: expect.stringMatching(/lacks 2 of .*: \/none, \/none\/2;/),
      }),
    );
  });
});

it('a message about many missing paths has an end', () => {
  const entries = Array.from({ length: 1000 }, (_, number) => ({ path: `/none/${number}` }));
  expect(() => planLocked(entries, source.tree)).toThrow(/lacks 1000 of .*\/none\/7 and 992 more; trace/);
});

describe('planRestored', () => {
  const owners: PackageOwners = {
    ownersOf: () => [],
    named: (name) => (name === 'one' ? [{ name, files: ['/a/c', '/z'] }] : []),
  };
  const restore = async (entries: readonly KeepListEntry[], options: object) =>
    await planRestored(entries, { ...source, readOwners: async () => owners }, options);

  it('adds what is wanted to a list, with all that is below it and the links on the way', async () => {
    const { kept, warnings } = await restore([{ path: '/z' }], { keep: ['/a', '/l', '/none'] });
    expect([...kept.keys()]).toEqual(['/', '/a', '/a/b', '/a/c', '/l', '/z']);
    expect(warnings).toEqual([{ kind: 'pattern-unmatched', option: 'keep', pattern: '/none' }]);
  });

  it('fills what the list has empty', async () => {
    const { kept } = await restore([{ path: '/a/b', stub: true }], { keep: ['/a/b'] });
    expect(kept.get('/a/b' as never)).not.toHaveProperty('stub');
  });

  it('adds packages, and nothing that was not asked for', async () => {
    const { kept, warnings } = await restore([{ path: '/l' }], { keepPackages: ['one', 'two'] });
    expect([...kept.keys()]).toEqual(['/', '/a', '/a/c', '/l', '/z']);
    expect(warnings).toEqual([{ kind: 'pattern-unmatched', option: 'keep-package', pattern: 'two' }]);
  });
});

describe('stubs', () => {
  it('are stubs again when the list is read back', async () => {
    const runs = [{ name: 'main', accesses: [access('list', '/a')] }];
    const plan = await planKeep(runs, source, { needs: { volumes: [] }, listed: 'stub' });
    const { kept } = planLocked(parseKeepList(formatKeepList(plan.kept.values())), source.tree);
    const stubs = [...kept.values()].filter(({ stub }) => stub).map(({ path }) => path);
    expect(stubs).toEqual(['/a/b', '/a/c']);
  });
});

describe('compareKeepLists', () => {
  it('tells of a file that became a stub', () => {
    expect(compareKeepLists(['/a'], [{ path: '/a', stub: true }])).toEqual({
      added: ['/a\tstub'],
      removed: ['/a'],
    });
  });

  it('does not miss what a repair had added, and takes it when a trace tells of it', () => {
    const locked = [
      { path: '/a', stub: true, repaired: true },
      { path: '/b', repaired: true },
      '/c',
    ] as const;
    expect(compareKeepLists(locked, ['/c'])).toEqual({ added: [], removed: [] });
    expect(compareKeepLists(locked, ['/b', '/c'])).toEqual({ added: [], removed: [] });
    expect(compareKeepLists(locked, ['/a', '/c'])).toEqual({ added: ['/a'], removed: [] });
  });

  it('tells what came and what went, sorted by bytes', () => {
    expect(compareKeepLists(['/a', '/b', '/z'], ['/b', '/d', '/c'])).toEqual({
      added: ['/c', '/d'],
      removed: ['/a', '/z'],
    });
  });

  it('finds no drift between equal lists, and turns round when they change places', () => {
    const paths = fc.array(fc.constantFrom('/a', '/b', '/c', '/d'));
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        expect(compareKeepLists(left, left)).toEqual({ added: [], removed: [] });
        const { added, removed } = compareKeepLists(left, right);
        expect(compareKeepLists(right, left)).toEqual({ added: removed, removed: added });
      }),
    );
  });
});
