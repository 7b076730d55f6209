import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { extract } from 'tar-stream';
import { afterAll, describe, expect, it } from 'vitest';
import { readTar } from './read-tar.js';
import { streamInput } from './tar-input.js';
import { type TarFacts, type TarItem, writeTar } from './write-tar.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PLAIN: TarFacts = {
  type: 'file',
  name: 'usr/bin/a file',
  linkName: '',
  mode: 0o4755,
  uid: 1000,
  gid: 100,
  sizeBytes: 0,
  mtimeSeconds: 981173106,
  mtimeNanoseconds: 0,
  device: [0, 0],
  attributes: new Map(),
};

async function* itemsOf(
  items: readonly (Partial<TarFacts> & { bytes?: Uint8Array })[],
): AsyncGenerator<TarItem> {
  for (const { bytes = new Uint8Array(), ...facts } of items)
    yield {
      ...PLAIN,
      sizeBytes: bytes.length,
      ...facts,
      async *content() {
        for (let at = 0; at < bytes.length; at += 20_000) yield bytes.subarray(at, at + 20_000);
      },
    };
}

async function toTar(...items: Parameters<typeof itemsOf>[0]): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(writeTar(itemsOf(items))));
}

async function read(tar: Uint8Array) {
  const found: (TarFacts & { bytes: Buffer })[] = [];
  for await (const { start, position, isSparse, content, ...facts } of readTar(
    streamInput(ReadableStream.from([tar])),
    {
      needsEnd: true,
    },
  ))
    found.push({ ...facts, bytes: Buffer.concat(await Array.fromAsync(content())) });
  return found;
}

const bytesOf = (minLength: number, maxLength: number) =>
  fc
    .array(fc.integer({ min: 1, max: 255 }), { minLength, maxLength })
    .map((bytes) => String.fromCharCode(...bytes));

it('what is read is what was written, whatever the names, numbers, times and attributes', async () => {
  const time = fc
    .tuple(fc.integer({ min: -(2 ** 33), max: 2 ** 35 }), fc.integer({ min: 0, max: 999_999_999 }))
    .map(([seconds, mtimeNanoseconds]) => ({
      mtimeSeconds: seconds + mtimeNanoseconds / 1e9,
      mtimeNanoseconds,
    }));
  const owner = fc.integer({ min: 0, max: 2 ** 32 - 2 });
  const name = fc.oneof(
    bytesOf(1, 300),
    fc.string({ unit: fc.constantFrom('a', '/', 'é', 'n'.repeat(90)), minLength: 1, maxLength: 5 }),
  );
  const facts = fc.record({
    name: name.map((text) => `x${text.replace(/\/+$/, '')}x`),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    uid: owner,
    gid: owner,
    time,
    attributes: fc
      .dictionary(fc.constantFrom('user.a', 'security.capability', 'trusted.b'), bytesOf(1, 40))
      .map((each) => new Map(Object.entries(each))),
    bytes: fc.uint8Array({ maxLength: 1500 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(facts, { maxLength: 5 }), async (all) => {
      const items = all.map(({ time: times, bytes, ...rest }) => ({
        ...rest,
        ...times,
        bytes: Buffer.from(bytes),
      }));
      const found = await read(await toTar(...items));
      expect(found).toEqual(items.map((item) => ({ ...PLAIN, ...item, sizeBytes: item.bytes.length })));
    }),
    { numRuns: 300 },
  );
});

it('of every kind of entry the same comes back', async () => {
  const items: Partial<TarFacts>[] = [
    { type: 'directory', name: './', mode: 0o1777 },
    { type: 'symlink', name: 'link', linkName: `to\xff\n${'t'.repeat(200)}`, mode: 0o777 },
    { type: 'hard-link', name: 'linked', linkName: 'usr/bin/a file' },
    { type: 'character-device', name: 'null', device: [1, 3] },
    { type: 'block-device', name: 'disk', device: [259, 1_000_000] },
    { type: 'fifo', name: 'fifo' },
  ];
  const found = await read(await toTar(...items));
  expect(found.map(({ bytes, ...facts }) => facts)).toEqual(items.map((item) => ({ ...PLAIN, ...item })));
});

describe('an extended header', () => {
  it.each<[string, number, Partial<TarFacts>]>([
    ['is not there for what is plain', 512, {}],
    [
      'nor for a name of 255 bytes that can be cut in two',
      512,
      { name: `${'p'.repeat(155)}/${'n'.repeat(99)}` },
    ],
    ['is there for a name that cannot', 1536, { name: 'n'.repeat(101) }],
    ['for one with bytes beyond ASCII', 1536, { name: 'é' }],
    ['for a large owner', 1536, { uid: 3_000_000 }],
    ['for a part of a second', 1536, { mtimeNanoseconds: 1 }],
    ['for a time before 1970', 1536, { mtimeSeconds: -5 }],
    ['for an attribute', 1536, { attributes: new Map([['user.a', 'b']]) }],
  ])('%s', async (_, sizeBytes, facts) => {
    expect(await toTar(facts)).toHaveLength(sizeBytes + 1024);
  });

  it('is by the bytes of its keys, however the attributes came', async () => {
    const pairs: [string, string][] = [
      ['user.b', '2'],
      ['security.capability', '1'],
    ];
    const [one, other] = [pairs, pairs.toReversed()].map((each) => toTar({ attributes: new Map(each) }));
    expect((await one)?.equals((await other) as Buffer)).toBe(true);
  });
});

it('GNU tar and another library read what it writes', async () => {
  const bytes = Buffer.alloc(70_000, 'x');
  const large = {
    name: `${'d'.repeat(120)}/${'f'.repeat(120)}`,
    uid: 3_000_000,
    mtimeNanoseconds: 123_456_789,
  };
  const tar = await toTar({ name: 'a', bytes }, { ...large, mtimeSeconds: 981173106.1234568 });
  const listed = execFileSync('tar', ['-tvf', '-', '--numeric-owner', '--full-time'], {
    input: tar,
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
  });
  expect(listed.toString().replace(/ +/g, ' ')).toBe(
    `-rwsr-xr-x 1000/100 70000 2001-02-03 04:05:06 a\n-rwsr-xr-x 3000000/100 0 2001-02-03 04:05:06.123456789 ${large.name}\n`,
  );
  const entries = extract();
  entries.end(tar);
  const names = [];
  for await (const entry of entries) {
    names.push(entry.header.name);
    entry.resume();
  }
  expect(names).toEqual(['a', large.name]);
});

it('a file of more than 8 GiB says its size in a record', async () => {
  const { toTarHeader } = await import('./write-tar.js');
  const header = toTarHeader({ ...PLAIN, sizeBytes: 9 * 1024 ** 3 });
  expect(header.toString('latin1')).toContain(`size=${9 * 1024 ** 3}\n`);
  const entries = readTar(streamInput(ReadableStream.from([header])));
  expect((await entries.next()).value).toMatchObject({ sizeBytes: 9 * 1024 ** 3 });
});

it.each([
  ['shorter', 5],
  ['longer', 3],
])('a content that is %s than was said is an error', async (_, sizeBytes) => {
  await expect(toTar({ bytes: Buffer.from('four'), sizeBytes })).rejects.toThrow(
    `is not the ${sizeBytes} bytes`,
  );
});
