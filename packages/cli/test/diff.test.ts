import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { runKeepset } from './run-keepset.ts';

const NAME = `keepset/test-diff-${process.pid}`;

let engine: Engine;
let base: string;
const folder = mkdtempSync(join(tmpdir(), 'test-diff-'));
const keepset = (...args: string[]) => runKeepset(folder, args);

/**
 * Shrink to a command; its image is NAME:word, its manifest word.json, its keep list word.txt. Without package databases:
 * those of different results differ.
 */
async function shrink(word: string, ...command: string[]): Promise<void> {
  const files = ['--manifest', `${word}.json`, '--keep-list', `${word}.txt`];
  const options = [...files, '--network', 'none', '--metadata', 'none'];
  const { status, stderr } = await keepset('shrink', '-t', `${NAME}:${word}`, ...options, base, ...command);
  expect(stderr).toContain('verified  yes');
  expect(status).toBe(0);
}

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
  await shrink('one', 'cat', '/etc/debian_version');
  await shrink('two', 'cat', '/etc/debian_version', '/etc/issue', '/etc/issue.net');
});
afterAll(async () => {
  for (const word of ['one', 'two']) await engine.removeImage(`${NAME}:${word}`);
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe('diff', () => {
  it.each([
    ['manifests', 'one.json', 'two.json'],
    ['keep lists', 'one.txt', 'two.txt'],
    ['images', `${NAME}:one`, `${NAME}:two`],
    ['a manifest and an image', 'one.json', `${NAME}:two`],
    ['a keep list and an image', 'one.txt', `${NAME}:two`],
  ])('of %s tells exactly the files in which they differ', async (_what, before, after) => {
    const { status, stdout, stderr } = await keepset('diff', before, after, '--csv');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [titles, ...rows] = stdout.trimEnd().split('\n');
    expect(titles).toBe('change,path,before_bytes,after_bytes,delta_bytes,aspects,packages');
    const changes = rows.map((row) => row.split(',').slice(0, 2).join(' '));
    expect(changes.sort()).toEqual(['added /etc/issue', 'added /etc/issue.net']);
  });

  it('of a result and its source names what was removed, by package and folder; the sums check out', async () => {
    const { stdout } = await keepset('diff', 'one.json', '--json');
    const { before, after, removed, added, changed, packages, folders, changes } = JSON.parse(stdout);
    expect([added.paths, changed.paths, before.paths - removed.paths]).toEqual([0, 0, after.paths]);
    expect(removed.sizeBytes).toBeGreaterThan(50e6);
    expect(before.sizeBytes - removed.sizeBytes).toBe(after.sizeBytes);
    expect(changes).toHaveLength(removed.paths);
    const byFolder = folders.reduce((sum: number, row: { deltaBytes: number }) => sum - row.deltaBytes, 0);
    expect(byFolder).toBeGreaterThanOrEqual(removed.sizeBytes);
    const perl = packages.find((each: { package: string }) => each.package === 'deb:perl-base');
    expect(perl).toMatchObject({ kind: 'removed', before: { versions: [expect.any(String)] } });
    expect(packages.find((each: { package: string }) => each.package === 'deb:libc6').kind).toBe('changed');

    const text = await keepset('diff', 'one.json', '--by', 'package', '--limit', '3');
    expect(text.stdout).toMatch(
      /^CHANGE +SIZE +PATHS +PACKAGE +VERSION\n(\w+ +-[\d.]+ MB .*\n){3}and \d+ more/,
    );
    const dirs = await keepset('diff', 'one.json', '--by', 'dir', '--depth', '1');
    expect(dirs.stdout).toMatch(/^ *-[\d.]+ MB +0 +\d+ +0 {2}\/usr$/m);
    expect(dirs.stdout.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`^added 0, removed ${removed.paths}, changed 0 paths; \\S+ MB → \\S+ [kM]B \\(-\\S+ MB\\)$`),
    );
  });

  it('--exit-code ends with 1 where something differs, and with 0 where nothing does', async () => {
    const differing = await keepset('diff', 'one.txt', 'two.txt', '--exit-code');
    expect(differing).toMatchObject({ status: 1, stderr: 'keepset: 2 paths differ\n' });
    expect(differing.stdout).toMatch(/^added +\? +\/etc\/issue$/m);
    for (const [before, after] of [
      ['one.json', 'one.json'],
      ['one.json', `${NAME}:one`],
      [`${NAME}:two`, `${NAME}:two`],
    ] as const) {
      const { status, stdout } = await keepset('diff', before, after, '--exit-code');
      expect(stdout).toMatch(/^added 0, removed 0, changed 0 paths; (\S+ [kM]B) → \1 \(0 B\)\n$/);
      expect(status).toBe(0);
    }
  });

  it.each<[string[], number, RegExp]>([
    [[], 2, /no manifest, fleet, keep list or image given/],
    [['one.txt'], 2, /nothing given to compare 'one.txt' with/],
    [['nowhere'], 2, /nothing given to compare 'nowhere' with/],
    [['one.txt', 'two.txt', 'one.json'], 2, /unexpected argument 'one.json'/],
    [['one.txt', 'two.txt', '--limit', '0'], 2, /--limit 0: not a whole number from 1/],
    [['one.txt', 'two.txt', '--json', '--csv'], 2, /one of them/],
    [['one.txt', 'two.txt', '--by', 'package'], 1, /does not name packages/],
    [['one.txt', 'broken.json'], 1, /cannot read the manifest broken.json \(it is not JSON\)/],
    [['one.txt', 'other.txt'], 1, /cannot read the manifest other.txt/],
  ])('%j is refused', async (args, exitStatus, message) => {
    writeFileSync(join(folder, 'broken.json'), '{"manifestVersion":1,');
    writeFileSync(join(folder, 'other.txt'), 'words\n');
    const { status, stdout, stderr } = await keepset('diff', ...args);
    expect({ status, stdout }).toEqual({ status: exitStatus, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });
});
