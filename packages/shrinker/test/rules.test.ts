import { readFileSync } from 'node:fs';
import type { Engine } from '@keepset/docker-engine';
import { printPath } from '@keepset/strace-parser';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import { type ExportedEntry, exportTree, notOfTheSource } from './exported-tree.ts';
import { shrinkHere } from './shrink-here.ts';

interface Case {
  readonly name: string;
  readonly command: readonly string[];
  readonly user?: string;
  /** Of `keepset shrink`. */
  readonly options?: readonly string[];
}

const cases = JSON.parse(
  readFileSync(new URL('../../../test-fixtures/images/rules/cases.json', import.meta.url), 'utf8'),
) as readonly Case[];

let engine: Engine;
let image: string;
let source: ReadonlyMap<string, ExportedEntry>;

beforeAll(async () => {
  engine = await connectTestEngine();
  image = await ensureImage(engine, 'rules');
  source = await exportTree(engine, image);
});

afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
});

it.concurrent.each(cases)(
  '$name: says OK in the result, which is a part of the source',
  async ({ command, user, options = [] }) => {
    // Verified: the result has said the same as the source.
    const { result, stdout } = await shrinkHere(engine, {
      image,
      command,
      options: user === undefined ? {} : { user },
      keep: options[0] === '--listed' ? { listed: options[1] as 'stub' } : {},
    });
    try {
      expect(stdout.split('\n').slice(-2)).toEqual(['OK', '']);
      expect(result.verified).toBe(true);
      const stubs = [...result.manifest.plan.kept.values()]
        .filter(({ stub }) => stub)
        .map(({ path }) => path);
      const exported = await exportTree(engine, result.id);
      const { generated } = result.manifest;
      expect(notOfTheSource(source, exported, { stubs: new Set(stubs), generated })).toEqual([]);
      expect(exported.size).toBeLessThan(source.size / 4);
    } finally {
      await engine.removeImage(result.id);
    }
  },
);

it("holds one case's files and none of the others'", async () => {
  const { result } = await shrinkHere(engine, { image, command: ['/cases/stat-only/run'] });
  await engine.removeImage(result.id);
  const others = [...result.manifest.plan.kept.keys()]
    .map(printPath)
    .filter((path) => path.startsWith('/cases/') && !/^\/cases\/stat-only(\/|$)/.test(path));
  expect(others).toEqual([]);
});

it('a keep list with stubs builds the same image again', async () => {
  const request = { image, command: ['/cases/list-directory/run'] };
  const { result } = await shrinkHere(engine, { ...request, keep: { listed: 'stub' } });
  expect(result.keepList).toContain('/cases/list-directory/many/other-1\tstub\n');
  const locked = await shrinkHere(engine, { ...request, locked: result.keepList });
  expect(locked.result).toMatchObject({ id: result.id, keepList: result.keepList, verified: true });
  await engine.removeImage(result.id);
});

it('a directory that is printed shows fewer entries without stubs, and verification tells', async () => {
  const request = { image, command: ['/cases/list-directory/run'], repairRounds: 0 };
  await expect(shrinkHere(engine, request)).rejects.toMatchObject({ code: 'VERIFICATION_FAILED' });
});
