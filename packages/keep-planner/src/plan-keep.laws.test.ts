import { checkTree } from '@keepset/image-tree';
import type { AccessAction, FileAccess } from '@keepset/strace-parser';
import { resolvePaths } from '@keepset/symlink-resolver';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeepPlan, planKeep } from './index.js';
import { access, elfProgram, type TestEntry, testSource } from './test-source.test-helper.js';

const NAMES = ['a', 'b', 'c', 'bin', 'etc', '\xff \n'];
const name = fc.constantFrom(...NAMES);
const target = fc
  .array(fc.oneof(name, fc.constantFrom('..', '.')), { minLength: 1, maxLength: 4 })
  .chain((names) => fc.constantFrom(names.join('/'), `/${names.join('/')}`));
const content = fc.oneof(
  target.map((path) => `#!${path}\n`),
  target.map((path) => elfProgram(path)),
  fc.constant('text'),
);
const entry: fc.Arbitrary<TestEntry> = fc.oneof(
  fc.constant<TestEntry>('dir'),
  target.map((path) => `-> ${path}`),
  content.map((each) => ({ content: each })),
);
/** A tree in which nothing is below a file or a link. */
const files = fc
  .array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), entry), { maxLength: 25 })
  .map((pairs) => {
    const tree: Record<string, TestEntry> = {};
    for (const [names, made] of pairs) {
      const path = `/${names.join('/')}`;
      const above = names.slice(0, -1).map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
      const isFree = !(path in tree) && !Object.keys(tree).some((each) => each.startsWith(`${path}/`));
      if (isFree && above.every((each) => (tree[each] ?? 'dir') === 'dir')) tree[path] = made;
    }
    return tree;
  });
const accesses: fc.Arbitrary<FileAccess[]> = fc.array(
  fc
    .record({
      action: fc.constantFrom<AccessAction>(
        'open',
        'execute',
        'stat',
        'readlink',
        'list',
        'create',
        'rename',
        'unlink',
      ),
      path: target.map((path) => (path.startsWith('/') ? path : `/${path}`)),
      follow: fc.boolean(),
      errno: fc.constantFrom(undefined, undefined, undefined, 'ENOENT', 'EINVAL', 'ENOTDIR', 'ENOTEMPTY'),
      root: fc.constantFrom(undefined, undefined, '/a'),
      other: target.map((path) => access('create', path.startsWith('/') ? path : `/${path}`).path),
    })
    .map(({ action, path, follow, errno, root, other }) =>
      access(action, path, { follow, errno, root, ...(action === 'rename' ? { other } : {}) }),
    ),
  { maxLength: 12 },
);

const NEEDS = { volumes: ['/a/b'], workingDirectory: '/c', command: ['b'], path: '/bin:/etc' };

const planOf = (tree: Record<string, TestEntry>, made: readonly FileAccess[]): Promise<KeepPlan> =>
  planKeep([{ name: 'main', accesses: made }], testSource(tree), { needs: NEEDS });

describe('every plan', { timeout: 60_000 }, () => {
  it('is a tree of paths that the source has, each with a reason', () =>
    fc.assert(
      fc.asyncProperty(files, accesses, async (tree, made) => {
        const { kept, executed, listed } = await planOf(tree, made);
        const source = testSource(tree).tree;
        expect(checkTree(kept.keys())).toEqual([]);
        for (const { path, reasons } of kept.values()) {
          expect(source.has(path)).toBe(true);
          expect(reasons.length).toBeGreaterThan(0);
        }
        for (const path of [...executed, ...listed]) expect(kept.has(path)).toBe(true);
      }),
    ));

  it('leads each access where the source led it', () =>
    fc.assert(
      fc.asyncProperty(files, accesses, async (tree, made) => {
        const source = testSource(tree).tree;
        const { kept } = await planOf(tree, made);
        const result = {
          readLinks: async (paths: readonly string[]) => {
            const answers = await source.readLinks(paths);
            return answers.map((answer, index) => {
              return [...kept.keys()].some((path) => path === paths[index])
                ? answer
                : ({ kind: 'missing' } as const);
            });
          },
        };
        const requests = made
          .filter(({ errno, root }) => errno === undefined && root === undefined)
          .map(({ path, follow }) => ({ path, follow }));
        expect(await resolvePaths(requests, result)).toEqual(await resolvePaths(requests, source));
      }),
    ));

  it('keeps no less for more accesses', () =>
    fc.assert(
      fc.asyncProperty(files, accesses, accesses, async (tree, some, more) => {
        const less = await planOf(tree, some);
        const all = await planOf(tree, [...some, ...more]);
        for (const path of less.kept.keys()) expect(all.kept.has(path)).toBe(true);
      }),
    ));

  it('of two runs keeps what each alone would keep, and nothing else', () =>
    fc.assert(
      fc.asyncProperty(files, accesses, accesses, async (tree, one, two) => {
        const both = await planKeep(
          [
            { name: 'one', accesses: one },
            { name: 'two', accesses: two },
          ],
          testSource(tree),
          { needs: NEEDS },
        );
        const alone = [...(await planOf(tree, one)).kept.keys(), ...(await planOf(tree, two)).kept.keys()];
        expect(new Set(both.kept.keys())).toEqual(new Set(alone));
      }),
    ));

  it('is the same for the same accesses, also as a stream of batches', () =>
    fc.assert(
      fc.asyncProperty(files, accesses, async (tree, made) => {
        async function* stream() {
          yield made.slice(0, 3);
          yield made.slice(3);
        }
        const again = await planKeep([{ name: 'main', accesses: stream() }], testSource(tree), {
          needs: NEEDS,
        });
        const first = await planOf(tree, made);
        expect([...again.kept]).toEqual([...first.kept]);
        expect(again.warnings).toEqual(first.warnings);
      }),
    ));
});
