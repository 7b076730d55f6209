import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LinkAnswer, type LinkReader, resolvePaths } from '@keepset/symlink-resolver';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkTree, LISTING_FORMAT, readListing } from './index.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const name = fc.constantFrom('a', 'b', 'c', '\xff \n');
const path = fc
  .array(fc.oneof({ weight: 4, arbitrary: name }, { weight: 1, arbitrary: fc.constantFrom('..', '.', '') }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((names) => `/${names.join('/')}`);
const entry = fc.record({
  where: fc.nat(),
  name,
  kind: fc.constantFrom('directory', 'link', 'link', 'file'),
  target: fc.oneof(
    path,
    path.map((each) => each.replace(/^\/+/, '') || '.'),
  ),
});

function layOut(
  top: string,
  entries: readonly (typeof entry extends fc.Arbitrary<infer T> ? T : never)[],
): void {
  const directories = [top];
  for (const { where, name, kind, target } of entries) {
    const at = `${directories[where % directories.length]}/${name}`;
    if (lstatSync(bytes(at), { throwIfNoEntry: false }) !== undefined) continue;
    if (kind === 'link') symlinkSync(bytes(target), bytes(at));
    else if (kind === 'file') writeFileSync(bytes(at), '');
    else {
      mkdirSync(bytes(at));
      directories.push(at);
    }
  }
}

/** What is on disk below `top`, as if that were the root. */
const diskLinks = (top: string): LinkReader => ({
  readLinks: async (paths) =>
    paths.map((each): LinkAnswer => {
      const at = bytes(top + each);
      try {
        const status = lstatSync(at);
        if (status.isSymbolicLink())
          return { kind: 'link', target: readlinkSync(at, 'buffer').toString('latin1') };
        return { kind: status.isDirectory() ? 'directory' : 'other' };
      } catch {
        return { kind: 'missing' };
      }
    }),
});

it('leads every path where the disk leads it', { timeout: 60_000 }, () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(entry, { maxLength: 20 }),
      fc.array(path, { minLength: 20 }),
      async (entries, paths) => {
        const top = mkdtempSync(join(tmpdir(), 'tree-links-'));
        try {
          layOut(top, entries);
          const tree = await readListing([execFileSync('find', [top, '-printf', LISTING_FORMAT])]);
          expect(checkTree(tree.entries())).toEqual([]);
          const requests = paths.flatMap((each) => [{ path: each }, { path: each, follow: false }]);
          expect(await resolvePaths(requests, tree)).toEqual(await resolvePaths(requests, diskLinks(top)));
        } finally {
          rmSync(top, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: 60 },
  ),
);
