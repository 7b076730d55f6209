import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTree, type ImageTree, LISTING_FORMAT, readListing, sumBytes, toTree } from './index.js';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

const NASTY_NAMES = [
  'new\nline',
  ' space ',
  '"quotes\'',
  'back\\slash',
  '\xff\xfe',
  'caf\xc3\xa9',
  '-n',
  '*?[x]',
  'n'.repeat(255),
];

let top: string;
let server: Server;
let listing: Buffer;
let tree: ImageTree;

beforeAll(async () => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'listing-')));
  for (const name of NASTY_NAMES) {
    mkdirSync(latin1(`${top}/${name}`));
    writeFileSync(latin1(`${top}/${name}/${name}`), latin1(name));
    symlinkSync(latin1(`../${name}/${name}`), latin1(`${top}/${name}/to ${name.slice(0, 200)}`));
  }
  mkdirSync(`${top}/tmp`);
  chmodSync(`${top}/tmp`, 0o1777);
  writeFileSync(`${top}/setuid`, 'program');
  chmodSync(`${top}/setuid`, 0o4755);
  writeFileSync(`${top}/secret`, '');
  chmodSync(`${top}/secret`, 0);
  linkSync(`${top}/setuid`, `${top}/another name`);
  linkSync(`${top}/setuid`, `${top}/tmp/third name`);
  symlinkSync('/none', `${top}/dangling`);
  symlinkSync('x'.repeat(4095), `${top}/long target`);
  writeFileSync(`${top}/sparse`, '');
  truncateSync(`${top}/sparse`, 5 * 1024 ** 3);
  writeFileSync(`${top}/old`, '');
  utimesSync(`${top}/old`, -1.5, -1.5);
  writeFileSync(`${top}/fraction`, '');
  utimesSync(`${top}/fraction`, 1_700_000_000.123456, 1_700_000_000.123456);
  execFileSync('sh', ['-c', 'mkfifo "$0"', `${top}/fifo`]);
  server = createServer().listen(`${top}/socket`);
  await new Promise((listening) => server.once('listening', listening));
  listing = execFileSync('find', [top, '-xdev', '-printf', LISTING_FORMAT]);
  tree = await readListing(cut(listing, listing.length));
});

afterAll(() => {
  server?.close();
  rmSync(top, { recursive: true, force: true });
});

async function* cut(bytes: Uint8Array, ...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

const text = (...records: string[]) => cut(latin1(records.join('')), 7);

/** All paths below a directory, by the kernel's own account. */
function walk(directory: string): string[] {
  return readdirSync(latin1(top + directory), {
    encoding: 'latin1' as BufferEncoding,
    withFileTypes: true,
  }).flatMap((entry) => {
    const path = `${directory}/${entry.name}`;
    return entry.isDirectory() ? [path, ...walk(path)] : [path];
  });
}

describe('readListing of what find prints', { timeout: 60_000 }, () => {
  it('holds every path and no other', () => {
    expect([...tree.entries()].map(({ path }) => path)).toEqual(
      ['/', ...walk('')].sort((a, b) => (a < b ? -1 : 1)),
    );
    expect(checkTree(tree.entries())).toEqual([]);
  });

  it('tells what lstat tells', () => {
    for (const entry of tree.entries()) {
      const path = latin1(top + entry.path);
      const status = lstatSync(path);
      const whole = lstatSync(path, { bigint: true });
      expect(entry).toMatchObject({
        mode: status.mode & 0o7777,
        uid: status.uid,
        gid: status.gid,
        sizeBytes: status.size,
        linkCount: status.nlink,
      });
      expect(entry.inode.split(':')[1]).toBe(String(whole.ino));
      expect(entry.mtimeSeconds).toBeCloseTo(Number(whole.mtimeNs / 1000n) / 1e6, 5);
      expect(entry.linkTarget).toBe(
        status.isSymbolicLink() ? readlinkSync(path, 'buffer').toString('latin1') : undefined,
      );
    }
  });

  it.each([
    ['/', 'directory'],
    ['/setuid', 'file'],
    ['/dangling', 'symlink'],
    ['/fifo', 'fifo'],
    ['/socket', 'socket'],
  ])('says that %s is a %s', (path, type) => {
    expect(tree.get(path)?.type).toBe(type);
  });

  it('knows devices', async () => {
    const devices = execFileSync('find', [
      '/dev',
      '-maxdepth',
      '1',
      '-name',
      'null',
      '-printf',
      LISTING_FORMAT,
    ]);
    const root = execFileSync('find', ['/dev', '-maxdepth', '0', '-printf', LISTING_FORMAT]);
    const listed = await readListing(cut(Buffer.concat([root, devices]), 100));
    expect(listed.get('/null')?.type).toBe('character-device');
  });

  it('knows all names of an inode, and counts its bytes once', () => {
    const names = (path: string) => tree.hardLinks(path).map((entry) => entry.path);
    expect(names('/setuid')).toEqual(['/another name', '/tmp/third name']);
    expect(names('/another name')).toEqual(['/setuid', '/tmp/third name']);
    expect(names('/secret')).toEqual([]);
    expect(names('/tmp')).toEqual([]);
    expect(names('/none')).toEqual([]);
    const nasty = NASTY_NAMES.reduce((sum, name) => sum + name.length, 0);
    expect(tree.totalBytes).toBe(nasty + 'program'.length + 5 * 1024 ** 3);
    expect(sumBytes([])).toBe(0);
  });

  it('lists the children and all descendants of a directory', () => {
    const below = (list: Iterable<{ path: string }>) => [...list].map(({ path }) => path);
    const direct = (path: string) =>
      walk('')
        .filter((each) => each.slice(0, each.lastIndexOf('/')) === path)
        .sort();
    expect(below(tree.children('/'))).toEqual(direct(''));
    expect(below(tree.children('/new\nline'))).toEqual(direct('/new\nline'));
    expect(below(tree.children('/setuid'))).toEqual([]);
    expect(below(tree.children('/none'))).toEqual([]);
    expect(below(tree.descendants('/'))).toEqual(walk('').sort((a, b) => (a < b ? -1 : 1)));
    expect(below(tree.descendants('/tmp'))).toEqual(['/tmp/third name']);
  });

  it('is the same however the listing is cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 }),
        async (sizes) => {
          const again = await readListing(cut(listing, ...sizes));
          expect([...again.entries()]).toEqual([...tree.entries()]);
        },
      ),
      { numRuns: 50 },
    ));

  it('is the same tree when made of its own entries', () => {
    expect([...toTree([...tree.entries()].reverse()).entries()]).toEqual([...tree.entries()]);
  });

  it('answers a resolver: links with their targets, and nothing is followed', async () => {
    expect(await tree.readLinks(['/', '/dangling', '/setuid', '/dangling/x', '/none', '/fifo'])).toEqual([
      { kind: 'directory' },
      { kind: 'link', target: '/none' },
      { kind: 'other' },
      { kind: 'missing' },
      { kind: 'missing' },
      { kind: 'other' },
    ]);
  });
});

const ROOT = 'd\x00755\x000\x000\x004096\x001.5\x0066\x002\x003\x00\x00\x00';
const record = (fields: Partial<Record<number, string>>) => {
  const file = ['f', '644', '0', '0', '1', '1.0000000000', '66', '7', '1', '', 'x'];
  return `${file.map((value, index) => fields[index] ?? value).join('\0')}\0`;
};

describe('readListing of what is no listing', () => {
  it.each<[string, string]>([
    ['type', record({ 0: 'U' })],
    ['mode', record({ 1: '888' })],
    ['mode', record({ 1: '10000' })],
    ['uid', record({ 2: 'root' })],
    ['gid', record({ 3: '' })],
    ['size', record({ 4: '-1' })],
    ['mtime', record({ 5: 'yesterday' })],
    ['device', record({ 6: 'x' })],
    ['inode', record({ 7: 'x' })],
    ['link count', record({ 8: 'x' })],
    ['link target', record({ 0: 'l', 9: '' })],
  ])('names an unreadable %s and where it is', async (field, broken) => {
    await expect(readListing(text(ROOT, broken))).rejects.toMatchObject({
      code: 'TREE_BAD_RECORD',
      message: expect.stringContaining(`unreadable ${field} in record 2 at byte ${ROOT.length}`),
    });
  });

  it.each<[string, string[]]>([
    ['TREE_CUT_SHORT', [ROOT, record({}).slice(0, -1)]],
    ['TREE_DUPLICATE_PATH', [ROOT, record({}), record({})]],
    ['TREE_NO_ROOT', [record({})]],
    ['TREE_NO_ROOT', []],
  ])('fails with %s', async (code, records) => {
    await expect(readListing(text(...records))).rejects.toMatchObject({ code });
  });

  it("leaves out what is not the image's own", async () => {
    const listed = await readListing(text(ROOT, record({}), record({ 10: 'y' })), { omit: new Set(['/x']) });
    expect([...listed.entries()].map(({ path }) => path)).toEqual(['/', '/y']);
  });

  it('takes inode numbers of 64 bits', async () => {
    const listed = await readListing(text(ROOT, record({ 7: '18446744073709551615' })));
    expect(listed.get('/x')?.inode).toBe('66:18446744073709551615');
  });
});

describe('readListing of a large image', () => {
  it('prints what 65,000 and 1,000,000 entries cost (nothing is asserted of it)', async () => {
    for (const count of [65_000, 1_000_000]) {
      globalThis.gc?.();
      const before = process.memoryUsage();
      const start = performance.now();
      const large = await readListing(largeListing(count));
      const seconds = (performance.now() - start) / 1000;
      expect(large.get('/usr/share/package-0/doc/examples-of-the-package/file-0.html')?.type).toBe('file');
      globalThis.gc?.();
      const after = process.memoryUsage();
      const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
      process.stdout.write(
        `${large.size} entries: ${(bytes / 1e6).toFixed(1)} MB, ${seconds.toFixed(1)} s\n`,
      );
    }
  }, 60_000);
});

/** Paths of some 60 bytes, ten to a directory, in chunks as a pipe gives them. */
async function* largeListing(count: number): AsyncGenerator<Uint8Array> {
  let records = ROOT;
  for (let index = 0; index < count; index++) {
    const directory = `usr/share/package-${index % (count / 10)}/doc/examples-of-the-package`;
    records += record({
      4: `${index}`,
      5: `17000${index}.1234567890`,
      7: `${index}`,
      10: `${directory}/file-${index}.html`,
    });
    if (records.length > 64 * 1024) {
      yield latin1(records);
      records = '';
    }
  }
  yield latin1(records);
}
