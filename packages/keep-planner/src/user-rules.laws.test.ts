import { checkTree } from '@keepset/image-tree';
import type { AccessAction, FileAccess } from '@keepset/strace-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeepPlan, PlanError, type PlanOptions, planKeep } from './index.js';
import { access, type TestEntry, testSource } from './test-source.test-helper.js';

const image: Record<string, TestEntry> = {};
for (const directory of ['/a', '/a/b', '/c', '/c/d/e']) {
  for (const name of ['one.md', 'two.so', '.env', 'empty'])
    image[`${directory}/${name}`] = name === 'empty' ? '' : name;
  image[`${directory}/link`] = '-> one.md';
}
const paths = [...testSource(image).tree.entries()].map(({ path }) => path);

const accesses = fc.array(
  fc
    .record({
      action: fc.constantFrom<AccessAction>('open', 'stat', 'list'),
      path: fc.constantFrom(...paths),
      follow: fc.boolean(),
    })
    .map(({ action, path, follow }) => access(action, path, { follow })),
  { maxLength: 8 },
);
const pattern = fc.constantFrom('/a', '/a/**', '*.md', 'e/*', '/c/d/e/link', '*', 'lin?', '/c/*/e', '.env');
const patterns = fc.array(pattern, { maxLength: 3 });

const planOf = (made: readonly FileAccess[], options: Partial<PlanOptions>): Promise<KeepPlan> =>
  planKeep([{ name: 'main', accesses: made }], testSource(image), { needs: { volumes: [] }, ...options });

/** A drop that a run forbids is no plan; of that there is nothing to say here. */
async function planOrNone(
  made: readonly FileAccess[],
  options: Partial<PlanOptions>,
): Promise<KeepPlan | undefined> {
  try {
    return await planOf(made, options);
  } catch (error) {
    if (error instanceof PlanError && error.code === 'PLAN_DROP_NEEDED') return undefined;
    throw error;
  }
}

function expectWithin(small: KeepPlan, large: KeepPlan): void {
  for (const path of small.kept.keys()) expect(large.kept.has(path)).toBe(true);
}

describe('whatever the user asks for', { timeout: 60_000 }, () => {
  it('the plan is a tree', () =>
    fc.assert(
      fc.asyncProperty(
        accesses,
        fc.record({
          keep: patterns,
          drop: patterns,
          listed: fc.constantFrom('drop', 'stub', 'keep'),
          roundUp: fc.constantFrom('file', 'dir'),
          secrets: fc.constantFrom('keep', 'drop'),
        }),
        async (made, options) => {
          const plan = await planOrNone(made, options);
          if (plan !== undefined) expect(checkTree(plan.kept.keys())).toEqual([]);
        },
      ),
    ));

  it('--keep only adds, --drop only takes away', () =>
    fc.assert(
      fc.asyncProperty(accesses, patterns, patterns, async (made, keep, drop) => {
        const plain = await planOf(made, {});
        const more = await planOf(made, { keep });
        expectWithin(plain, more);
        const less = await planOrNone(made, { keep, drop });
        if (less !== undefined) expectWithin(less, more);
      }),
    ));

  it('--drop never takes an opened file', () =>
    fc.assert(
      fc.asyncProperty(accesses, patterns, async (made, drop) => {
        const opened = await planOf(
          made.filter(({ action }) => action === 'open'),
          {},
        );
        const { tree } = testSource(image);
        const plan = await planOrNone(made, { drop });
        if (plan === undefined) return;
        for (const path of opened.kept.keys()) {
          if (tree.get(path)?.type === 'file') expect(plan.kept.has(path)).toBe(true);
        }
      }),
    ));

  it('a wider policy keeps no less', () =>
    fc.assert(
      fc.asyncProperty(accesses, async (made) => {
        const [drop, stub, keep] = await Promise.all(
          (['drop', 'stub', 'keep'] as const).map((listed) => planOf(made, { listed })),
        );
        expectWithin(drop as KeepPlan, stub as KeepPlan);
        expectWithin(stub as KeepPlan, keep as KeepPlan);
        expectWithin(await planOf(made, { roundUp: 'file' }), await planOf(made, { roundUp: 'dir' }));
        expectWithin(await planOf(made, { secrets: 'drop' }), await planOf(made, { secrets: 'keep' }));
      }),
    ));

  it('a file that was opened is never a stub', () =>
    fc.assert(
      fc.asyncProperty(accesses, async (made) => {
        const plan = await planOf(made, { listed: 'stub' });
        const opened = await planOf(made, {});
        for (const { path, stub } of plan.kept.values()) if (stub) expect(opened.kept.has(path)).toBe(false);
      }),
    ));
});
