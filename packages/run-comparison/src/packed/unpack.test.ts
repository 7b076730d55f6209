import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../../test-fixtures/chance.ts';
import { compareRuns } from '../compare-runs.js';
import { type RunOutcome, toContent } from '../run-outcome.js';
import { unpack } from './unpack.js';

const run = (bytes: Uint8Array): RunOutcome => ({
  exitStatus: 0,
  stdout: toContent(''),
  stderr: toContent(''),
  files: new Map([['/out', { type: 'file', mode: 0o644, uid: 0, gid: 0, content: toContent(bytes) }]]),
});

function zip(members: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(members)) {
    const packed = deflateRawSync(text);
    const local = Buffer.alloc(30);
    local.write('PK\x03\x04', 'latin1');
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(8, 10);
    record.writeUInt32LE(packed.length, 20);
    record.writeUInt16LE(name.length, 28);
    record.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), packed);
    central.push(record, Buffer.from(name));
    offset += local.length + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(members).length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** @param time  of its members; digits of it are octal */
function tar(time: string, members: readonly (readonly [name: string, text: string])[]): Buffer {
  const blocks = members.flatMap(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(name);
    header.write('0000644', 100);
    header.write(text.length.toString(8).padStart(11, '0'), 124);
    header.write(time.replace(/\D/g, '').padStart(11, '1'), 136);
    header.write('        0', 148);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, Buffer.from(text, 'latin1'), Buffer.alloc((512 - (text.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function png(text: string, pixels: Buffer): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
  };
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.alloc(13)),
    chunk('tEXt', Buffer.from(text)),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const pdf = (date: string, page: string) => {
  const stream = deflateSync(page);
  return Buffer.concat([
    Buffer.from(`%PDF-1.4\n1 0 obj\n<< /Length ${stream.length} >>\nstream\n`),
    stream,
    Buffer.from(`\nendstream\nendobj\n2 0 obj\n<< /CreationDate (${date}) >>\nendobj\nstartxref\n9\n%%EOF\n`),
  ]);
};

const PAGE = 'one page\n'.repeat(50);
const PIXELS = createChance(1).bytes(500);
const log = (time: string, count: number) => `started at ${time}\n${PAGE}counted ${count}\n`;
const TIMES = ['09:10:11', '09:11:59', '10:00:00', '22:33:44'];

/** What is made at a time, and counts; and what is wrong with another. */
const FORMATS: readonly [string, (time: string, count: number) => Buffer][] = [
  ['gzip', (time, count) => gzipSync(log(time, count))],
  ['zlib stream', (time, count) => deflateSync(log(time, count))],
  ['zip', (time, count) => zip({ 'log.txt': log(time, count), 'page.txt': PAGE })],
  [
    'tar',
    (time, count) =>
      tar(time, [
        ['page.txt', PAGE],
        ['log.txt', `counted ${count}\n`],
      ]),
  ],
  ['tar in a gzip', (time, count) => gzipSync(tar(time, [['log.txt', `counted ${count}\n`]]))],
  [
    'zip in a tar',
    (time, count) => tar(time, [['log.zip', zip({ 'log.txt': log(time, count) }).toString('latin1')]]),
  ],
  ['PNG', (time, count) => png(`Time ${time} of ${count}`, PIXELS)],
  ['PDF', (time, count) => pdf(`D:${time}`, log(time, count))],
];

describe.each(FORMATS)('what is in a %s', (_name, made) => {
  const samples = TIMES.slice(0, 3).map((time) => run(made(time, 12)));

  it('is held against the samples, but for what varies', async () => {
    const comparison = await compareRuns(samples, run(made('22:33:44', 12)));
    expect(comparison).toMatchObject({
      differences: [],
      notCompared: [],
      files: { exactly: 0, byMask: 1, notAtAll: 0 },
    });
  });

  it('is another where a number in it is', async () => {
    const { differences } = await compareRuns(samples, run(made('22:33:44', 10)));
    expect(differences).toMatchObject([{ path: '/out', aspect: 'content' }]);
  });

  it('is another where it is cut', async () => {
    const { differences } = await compareRuns(samples, run(made('22:33:44', 12).subarray(0, 40)));
    expect(differences).toMatchObject([{ path: '/out', aspect: 'content' }]);
  });
});

it.each([
  ['zip', zip({ a: 'b' })],
  ['tar', tar('', [['a', 'b']])],
])('what follows a %s is part of it', (_name, bytes) => {
  const longer = unpack(Buffer.concat([bytes, Buffer.alloc(3)]));
  expect(longer).toBeDefined();
  expect(longer).not.toEqual(unpack(bytes));
});

it('a name in a tar may be long', () => {
  const long = (name: string) =>
    tar('', [
      ['././@LongLink', `${name}\0`],
      ['cut', 'text'],
    ]);
  const typed = (name: string) => {
    const bytes = long(name);
    bytes.write('L', 156);
    const sum = bytes
      .subarray(0, 512)
      .reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return unpack(bytes);
  };
  expect(typed('one')).toBeDefined();
  expect(typed('one')).not.toEqual(typed('other'));
});

describe.each<[string, (text: string) => Buffer]>([
  ['gzip', (text) => gzipSync(text)],
  ['zip', (text) => zip({ 'names.txt': PAGE, 'run.txt': text })],
  ['zlib stream', (text) => deflateSync(text)],
])('a short text in a %s, nearly all of it a time', (_name, packed) => {
  const { next } = createChance(5);
  const made = (count: number) => {
    const moment = new Date(1.79e12 + Math.floor(next() * 3e4)).toISOString().slice(0, -1);
    return run(packed(`${moment} ${count} plugins, basic`));
  };

  it.each([2, 3, 5, 10])(
    'is another where a number is, whatever bytes %i samples have in common',
    async (count) => {
      for (let round = 0; round < 40; round++) {
        const samples = Array.from({ length: count }, () => made(15));
        const { differences } = await compareRuns(samples, made(14));
        expect(differences).toMatchObject([{ path: '/out', aspect: 'content' }]);
      }
    },
  );
});

it.each<[string, Buffer]>([
  ['no packed content', Buffer.from('text')],
  ['the start of a gzip', gzipSync('text').subarray(0, 12)],
  ['a zip without an end', zip({ a: 'b' }).subarray(0, 40)],
  [
    'a zip with two members of one name',
    Buffer.from(zip({ a: '1', z: '2' }).toString('latin1').replaceAll('z', 'a'), 'latin1'),
  ],
  ['a tar that is cut', tar(TIMES[0] as string, [['a', PAGE]]).subarray(0, 600)],
  ['a tar whose checksum is wrong', Buffer.concat([Buffer.from('b'), tar('', [['a', PAGE]]).subarray(1)])],
  [
    'a tar with two members of one name',
    tar('', [
      ['a', PAGE],
      ['a', PAGE],
    ]),
  ],
  ['a PNG without pixels', png('', PIXELS).subarray(0, 40)],
  ['a PDF whose stream does not end', Buffer.from('%PDF-1.4\nstream\nabc')],
  ['what unpacks to more than fits in memory', gzipSync(Buffer.alloc(65 * 1024 * 1024))],
])('%s is not taken apart', (_what, bytes) => {
  expect(unpack(bytes)).toBeUndefined();
});
