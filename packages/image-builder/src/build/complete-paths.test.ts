import type { ImageSource } from '@keepset/image-source';
import { type LinkAnswer, type Resolution, resolvePaths } from '@keepset/symlink-resolver';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { completePaths } from './complete-paths.js';

/** By paths; the root and all folders on the way are in it. */
type Entries = ReadonlyMap<string, LinkAnswer>;

const links = (entries: Entries) => ({
  readLinks: async (paths: readonly string[]) =>
    paths.map((path) => entries.get(path) ?? ({ kind: 'missing' } as const)),
});

/** As much of an image as is asked. */
function imageOf(entries: Entries): Pick<ImageSource, 'tree'> {
  const tree = {
    ...links(entries),
    has: (path: string) => entries.has(path),
    get: (path: string) => {
      const kind = entries.get(path)?.kind;
      return kind === undefined ? undefined : { path, type: kind === 'link' ? 'symlink' : kind };
    },
  };
  return { tree: async () => tree as unknown as Awaited<ReturnType<ImageSource['tree']>> };
}

const name = fc.constantFrom('a', 'b', 'c', 'd');
const asked = fc
  .array(fc.oneof({ weight: 5, arbitrary: name }, fc.constantFrom('..', '.', '')), {
    minLength: 1,
    maxLength: 5,
  })
  .map((names) => names.join('/'));
/** Links lead anywhere: out of their folder, to nothing, to themselves and in circles. */
const images = fc
  .array(
    fc.record({
      folder: fc.nat(),
      name,
      kind: fc.constantFrom('directory', 'link', 'link', 'other'),
      target: fc
        .tuple(fc.boolean(), asked)
        .map(([isAbsolute, text]) => (isAbsolute ? `/${text}` : text || '.')),
    }),
    { minLength: 4, maxLength: 16 },
  )
  .map((wanted): Entries => {
    const entries = new Map<string, LinkAnswer>([['/', { kind: 'directory' }]]);
    const folders = [''];
    for (const { folder, name, kind, target } of wanted) {
      const path = `${folders[folder % folders.length]}/${name}`;
      if (entries.has(path)) continue;
      if (kind === 'directory') folders.push(path);
      entries.set(path, kind === 'link' ? { kind, target } : ({ kind } as LinkAnswer));
    }
    return entries;
  });
const cases = fc.tuple(
  images,
  fc.array(
    asked.map((text) => `/${text}`),
    { minLength: 1, maxLength: 4 },
  ),
);

/** What is not there at all. */
async function missingOf(entries: Entries, paths: readonly string[]): Promise<readonly string[]> {
  const found = await resolve(entries, paths, false);
  return paths.filter((_, index) => found[index]?.failure !== undefined);
}

function resolve(
  entries: Entries,
  paths: readonly string[],
  follow: boolean,
): Promise<readonly Resolution[]> {
  return resolvePaths(
    paths.map((path) => ({ path, follow })),
    links(entries),
  );
}

/** Where paths lead, or what they lack, in an image that has these alone. */
async function endsIn(entries: Entries, kept: Iterable<string>, paths: readonly string[]) {
  const own = new Set(kept);
  const left = new Map([...entries].filter(([path]) => own.has(path)));
  const ends = [...(await resolve(left, paths, false)), ...(await resolve(left, paths, true))];
  return ends.map(({ path, failure, missing }) => [path, failure, missing]);
}

/** The property for what is there, and leads to more than the root. */
const forComplete = (
  law: (entries: Entries, paths: readonly string[], kept: readonly string[]) => Promise<void>,
) =>
  fc.asyncProperty(cases, async ([entries, paths]) => {
    fc.pre((await missingOf(entries, paths)).length === 0);
    const kept = await completePaths(paths, imageOf(entries)).catch(({ code }) => {
      expect(code).toBe('BUILD_NOTHING_KEPT');
      return fc.pre(false) as never;
    });
    await law(entries, paths, kept);
  });

it('keeps real paths, sorted, each once, below folders that it keeps', async () => {
  await fc.assert(
    forComplete(async (entries, _, kept) => {
      expect(kept).toEqual([...new Set(kept)].sort());
      for (const path of kept) {
        expect(entries.has(path)).toBe(true);
        if (path !== '/') expect(kept).toContain(path.slice(0, path.lastIndexOf('/')) || '/');
      }
    }),
  );
});

it('keeps all that is needed: in an image of it alone each path leads where it led', async () => {
  await fc.assert(
    forComplete(async (entries, paths, kept) => {
      expect(await endsIn(entries, kept, paths)).toEqual(await endsIn(entries, entries.keys(), paths));
    }),
  );
});

it('keeps no more than that: without any of it some path leads elsewhere', async () => {
  await fc.assert(
    forComplete(async (entries, paths, kept) => {
      const whole = await endsIn(entries, kept, paths);
      for (const one of kept) {
        if (one === '/') continue;
        const others = kept.filter((path) => path !== one);
        expect(await endsIn(entries, others, paths)).not.toEqual(whole);
      }
    }),
  );
});

it('has no more to add to what it gave', async () => {
  await fc.assert(
    forComplete(async (entries, _, kept) => {
      expect(await completePaths(kept, imageOf(entries))).toEqual(kept);
    }),
  );
});

it('refuses paths that are not there, and names them all', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ([entries, paths]) => {
      const missing = await missingOf(entries, paths);
      fc.pre(missing.length > 0);
      await expect(completePaths(paths, imageOf(entries))).rejects.toMatchObject({
        code: 'BUILD_PATHS_MISSING',
        paths: missing,
      });
    }),
  );
});

it.each(['bin/sh', '', '../etc'])('refuses %j, which does not begin at the root', async (path) => {
  const entries: Entries = new Map([['/', { kind: 'directory' }]]);
  await expect(completePaths([path], imageOf(entries))).rejects.toMatchObject({
    code: 'BUILD_PATHS_MISSING',
  });
});
