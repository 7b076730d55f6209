import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { extract } from 'tar-stream';
import { expect, it } from 'vitest';
import { packBareEntry } from './bare-entry.js';

const END = Buffer.alloc(1024);
const PLAIN = { kind: 'f', mode: 0o4755, uid: 1000, gid: 100, mtime: '981173106.0000000000' };

it('is read by GNU tar with the name, owner, mode and time of the file', () => {
  const input = Buffer.concat([packBareEntry('/usr/bin/a file', PLAIN), END]);
  const listed = execFileSync('tar', ['-tvf', '-', '--numeric-owner', '--full-time'], {
    input,
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
  });
  expect(listed.toString().replace(/\s+/g, ' ')).toBe(
    '-rwsr-xr-x 1000/100 0 2001-02-03 04:05:06 usr/bin/a file ',
  );
});

it('is one block when the plain header holds all of it', () => {
  expect(packBareEntry('/etc/passwd', PLAIN)).toHaveLength(512);
});

it.each([
  ['a long name', `/${'n'.repeat(200)}/${'m'.repeat(200)}`, PLAIN],
  ['a name of exactly 100 bytes', `/${'n'.repeat(100)}`, PLAIN],
  ['an owner beyond seven octal digits', '/a', { ...PLAIN, uid: 3_000_000, gid: 4_294_967_294 }],
  ['a part of a second', '/a', { ...PLAIN, mtime: '1323785716.1234567890' }],
  ['a time before the epoch', '/a', { ...PLAIN, mtime: '-5.0000000000' }],
])('holds %s', async (_, path, attributes) => {
  const header = await readHeader(packBareEntry(path, attributes));
  expect(header.name).toBe(path.slice(1));
  expect(Number(recordsOf(header).uid ?? header.uid)).toBe(attributes.uid);
  expect(Number(recordsOf(header).gid ?? header.gid)).toBe(attributes.gid);
  expect(recordsOf(header).mtime ?? `${(header.mtime?.getTime() ?? 0) / 1000}`).toBe(
    attributes.mtime.replace(/\.?0+$/, ''),
  );
});

it('comes back as it went in, whatever the name and the numbers', async () => {
  const attributes = fc.record({
    kind: fc.constant('f'),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    uid: fc.integer({ min: 0, max: 2 ** 32 - 2 }),
    gid: fc.integer({ min: 0, max: 2 ** 32 - 2 }),
    mtime: fc.integer({ min: 0, max: 2 ** 33 - 1 }).map((seconds) => `${seconds}.0000000000`),
  });
  const name = fc.string({
    unit: fc.constantFrom('a', '/', 'é', ' ', '\n', '='),
    minLength: 1,
    maxLength: 300,
  });
  await fc.assert(
    fc.asyncProperty(name, attributes, async (text, given) => {
      // The library reads names as UTF-8.
      const path = `/x${Buffer.from(text).toString('latin1')}x`;
      const header = await readHeader(packBareEntry(path, given));
      const { uid = header.uid, gid = header.gid } = recordsOf(header);
      expect(header).toMatchObject({ name: `x${text}x`, mode: given.mode, size: 0 });
      expect([Number(uid), Number(gid)]).toEqual([given.uid, given.gid]);
      expect(header.mtime?.getTime()).toBe(Number(given.mtime) * 1000);
    }),
    { numRuns: 200 },
  );
});

it('is a folder for a folder, and ./ for the root', async () => {
  const folder = { ...PLAIN, kind: 'd', mode: 0o1777 };
  expect(await readHeader(packBareEntry('/tmp', folder))).toMatchObject({
    name: 'tmp/',
    type: 'directory',
    mode: 0o1777,
  });
  expect(await readHeader(packBareEntry('/', folder))).toMatchObject({ name: './', type: 'directory' });
});

it('holds the bytes of a name that is not UTF-8', () => {
  const stub = Buffer.from(packBareEntry('/bytes\xff\xfe', PLAIN));
  expect(stub.subarray(0, 7).toString('latin1')).toBe('bytes\xff\xfe');
});

/** The library leaves numbers of extended headers to its users. */
function recordsOf({ pax }: { pax?: unknown }): Record<string, string> {
  return (pax ?? {}) as Record<string, string>;
}

async function readHeader(stub: Uint8Array) {
  const entries = extract();
  entries.end(Buffer.concat([stub, END]));
  for await (const entry of entries) {
    entry.resume();
    return entry.header;
  }
  throw new Error('no entry');
}
