import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFolderReader } from './folder-reader.js';
import type { LinkReader } from './link-reader.js';
import { linksOf } from './links-of.test-helper.js';
import { type Resolution, type ResolveRequest, resolvePaths } from './resolve-paths.js';

const O_PATH = 0o10000000;

interface Disk {
  readonly top: string;
  readonly requests: readonly ResolveRequest[];
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const name = fc.constantFrom('a', 'b', 'c', 'a b\n"\\', '\xff\xfe', 'n'.repeat(255));
const component = fc.oneof(
  { weight: 6, arbitrary: name },
  { weight: 2, arbitrary: fc.constantFrom('..', '.', '') },
  { weight: 1, arbitrary: fc.constantFrom('n'.repeat(256), 'absent') },
);
const relativePath = fc
  .array(component, { minLength: 1, maxLength: 6 })
  .map((names) => names.join('/').replace(/^\/+/, '') || '.');
const entry = fc.record({
  where: fc.nat(),
  name,
  kind: fc.constantFrom('directory', 'directory', 'link', 'link', 'link', 'file'),
  absolute: fc.boolean(),
  target: relativePath,
});
const plan = fc.record({
  entries: fc.array(entry, { minLength: 3, maxLength: 25 }),
  paths: fc.array(fc.record({ path: relativePath, follow: fc.boolean() }), { minLength: 10, maxLength: 40 }),
});

function layOut({ entries, paths }: typeof plan extends fc.Arbitrary<infer T> ? T : never): Disk {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'resolve-')));
  const directories = [top];
  for (const { where, name, kind, absolute, target } of entries) {
    const path = `${directories[where % directories.length]}/${name}`;
    // The kernel refuses paths over 4,095 bytes; the resolver leaves them to it.
    if (path.length > 3000 || exists(path)) continue;
    if (kind === 'link') symlinkSync(bytes(absolute ? `${top}/${target}` : target), bytes(path));
    else if (kind === 'file') writeFileSync(bytes(path), '');
    else {
      mkdirSync(bytes(path));
      directories.push(path);
    }
  }
  return { top, requests: paths.map(({ path, follow }) => ({ path: `${top}/${path}`, follow })) };
}

function exists(path: string): boolean {
  return lstatSync(bytes(path), { throwIfNoEntry: false }) !== undefined;
}

const disk = toFolderReader('/');

/** Where the kernel's own walk ends, or the error it gives. */
function openAnswer({ path, follow }: ResolveRequest): string {
  try {
    const fd = openSync(bytes(path), O_PATH | (follow === false ? constants.O_NOFOLLOW : 0));
    try {
      return readlinkSync(`/proc/self/fd/${fd}`, 'buffer').toString('latin1');
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

function realpathAnswer({ path }: ResolveRequest): string {
  try {
    return realpathSync.native(bytes(path), 'buffer').toString('latin1');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

const answerOf = (resolution: Resolution | undefined): string | undefined =>
  resolution?.failure ?? resolution?.path;

async function onDisk(check: (disk: Disk, answers: readonly Resolution[]) => void | Promise<void>) {
  await fc.assert(
    fc.asyncProperty(plan, async (planned) => {
      const laid = layOut(planned);
      try {
        await check(laid, await resolvePaths(laid.requests, disk));
      } finally {
        rmSync(laid.top, { recursive: true, force: true });
      }
    }),
    { numRuns: 150 },
  );
}

describe('resolvePaths on random trees of links', { timeout: 60_000 }, () => {
  it('ends where open(2) ends, and fails as it fails', () =>
    onDisk(({ requests }, answers) => {
      expect(answers.map(answerOf)).toEqual(requests.map(openAnswer));
    }));

  it('ends where realpath(3) ends', () =>
    onDisk(({ requests }, answers) => {
      requests.forEach((request, index) => {
        if (request.follow !== false) expect(answerOf(answers[index])).toBe(realpathAnswer(request));
      });
    }));

  it('is idempotent: a real path resolves to itself', () =>
    onDisk(async (_laid, answers) => {
      const ends = answers.filter((answer) => answer.failure === undefined).map(({ path }) => path);
      const again = await resolvePaths(
        ends.map((path) => ({ path, follow: false })),
        disk,
      );
      expect(again.map(({ path }) => path)).toEqual(ends);
    }));

  it('crosses only what exists, all that is above it, and ends with the end', () =>
    onDisk((_laid, answers) => {
      for (const { path, crossed } of answers) {
        expect(crossed.at(-1)).toBe(path);
        expect(new Set(crossed).size).toBe(crossed.length);
        for (const place of crossed) {
          expect(exists(place)).toBe(true);
          expect(crossed).toContain(place.slice(0, place.lastIndexOf('/')) || '/');
        }
      }
    }));

  it('needs no file but those crossed: a tree of only them gives the same answer', () =>
    onDisk(async ({ requests }, answers) => {
      const kept = [...new Set(answers.flatMap(({ crossed }) => crossed))].filter((path) => path !== '/');
      const found = await disk.readLinks(kept);
      const small = new Map(
        kept.map((path, index) => {
          const answer = found[index];
          if (answer?.kind === 'link') return [path, answer.target] as const;
          return [path, answer?.kind === 'directory' ? null : undefined] as const;
        }),
      );
      expect(await resolvePaths(requests, linksOf(small))).toEqual(answers);
    }));

  it('asks for nothing twice, in at most 42 rounds', () =>
    onDisk(async ({ requests }) => {
      const rounds: (readonly string[])[] = [];
      await resolvePaths(requests, {
        readLinks: (paths) => {
          rounds.push(paths);
          return disk.readLinks(paths);
        },
      });
      const asked = rounds.flat();
      expect(new Set(asked).size).toBe(asked.length);
      expect(rounds.length).toBeLessThanOrEqual(41);
    }));

  it('in another root answers as if that root were all there is', () =>
    onDisk(async ({ top, requests }) => {
      const inside = requests.map(({ path, ...rest }) => ({ ...rest, path: path.slice(top.length) }));
      const rerooted: LinkReader = {
        readLinks: (paths) => disk.readLinks(paths.map((path) => top + path)),
      };
      const alone = await resolvePaths(inside, rerooted);
      const jailed = await resolvePaths(
        inside.map((request) => ({ ...request, root: top })),
        disk,
      );
      const outer = (path: string) => (path === '/' ? top : top + path);
      expect(jailed.map(({ path }) => path)).toEqual(alone.map(({ path }) => outer(path)));
      expect(jailed.map(({ failure }) => failure)).toEqual(alone.map(({ failure }) => failure));
    }));
});

describe('resolvePaths on a large tree', { timeout: 60_000 }, () => {
  it('resolves 100,000 paths over 50,000 links in memory (the time is printed, not asserted)', async () => {
    const entries = new Map<string, string | null | undefined>([
      ['/usr', null],
      ['/usr/lib', null],
      ['/usr/share', null],
      ['/lib', 'usr/lib'],
    ]);
    const requests: ResolveRequest[] = [];
    for (let index = 0; index < 50_000; index++) {
      const directory = `/usr/share/package-${index % 500}`;
      entries.set(directory, null);
      entries.set(`/usr/lib/lib${index}.so.1`, undefined);
      entries.set(`/usr/lib/lib${index}.so`, index % 2 === 0 ? `lib${index}.so.1` : `/lib/lib${index}.so.1`);
      requests.push({ path: `/lib/lib${index}.so` }, { path: `${directory}/../../lib/lib${index}.so.1` });
    }
    const reader = linksOf(entries);
    const start = performance.now();
    const answers = await resolvePaths(requests, reader);
    const milliseconds = performance.now() - start;
    expect(answers.filter(({ failure }) => failure !== undefined)).toEqual([]);
    expect(answers[1]?.path).toBe('/usr/lib/lib0.so.1');
    expect(reader.rounds.length).toBeLessThanOrEqual(4);
    process.stdout.write(
      `100,000 paths over 50,000 links: ${milliseconds.toFixed(0)} ms, ${reader.rounds.length} rounds\n`,
    );
  });
});
