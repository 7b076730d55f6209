import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type LayerEntry, toTar } from '../../test/make-image.ts';
import { readTar } from './read-tar.js';
import { fileInput, streamInput } from './tar-input.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const inPieces = (tar: Uint8Array, sizeBytes: number) =>
  ReadableStream.from(
    (function* () {
      for (let at = 0; at < tar.length; at += sizeBytes) yield tar.subarray(at, at + sizeBytes);
    })(),
  );

async function read(tar: Uint8Array, pieceBytes = 1000) {
  const found = [];
  for await (const entry of readTar(streamInput(inPieces(tar, pieceBytes)))) {
    const { type, name, linkName, mode, uid, gid, mtimeSeconds, sizeBytes, attributes } = entry;
    const content = Buffer.concat(await Array.fromAsync(entry.content()));
    expect(content.length).toBe(sizeBytes);
    const digits = content.toString('latin1');
    found.push({ type, name, linkName, mode, uid, gid, mtimeSeconds, attributes, content: digits });
  }
  return found;
}

/** GNU tar's, of files that are made by a script in an empty folder. */
function gnuTar(script: string, ...options: string[]): Buffer {
  const made = mkdtempSync(join(folder, 'made-'));
  execFileSync('bash', ['-c', script], { cwd: made });
  return execFileSync('tar', ['-c', '--numeric-owner', '--sort=name', ...options, '.'], {
    cwd: made,
    maxBuffer: 2 ** 30,
  });
}

/** The first header's checksum, after a change. */
function resum(tar: Buffer): Buffer {
  const sum = tar.subarray(0, 512).reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return tar;
}

it('gives back what another program wrote, whatever it is and however it is cut', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', '/', 'é', ' ', '='), minLength: 1, maxLength: 300 });
  const entry = fc.record({
    name: text.map((name) => `x${name.replace(/\/+$/, '')}`),
    mode: fc.integer({ min: 1, max: 0o7777 }),
    uid: fc.integer({ min: 0, max: 0o777777 }),
    mtime: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    content: fc.string({ unit: 'binary-ascii', maxLength: 2000 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { maxLength: 4 }),
      fc.integer({ min: 1, max: 3000 }),
      async (entries, cut) => {
        const given = entries.map(
          ({ name, content, mtime, ...header }): LayerEntry => [
            name,
            { ...header, mtime: new Date(mtime * 1000) },
            content,
          ],
        );
        const found = await read(await toTar(given), cut);
        expect(found).toEqual(
          entries.map(({ name, mode, uid, mtime, content }) => ({
            ...{ type: 'file', linkName: '', gid: 0, attributes: new Map() },
            ...{ name: Buffer.from(name).toString('latin1'), mode, uid, mtimeSeconds: mtime, content },
          })),
        );
      },
    ),
    { numRuns: 100 },
  );
});

describe.each(['gnu', 'posix', 'ustar'])('of GNU tar in the format %s', (format) => {
  it('each kind of entry', async () => {
    const tar = gnuTar(
      'mkdir d; echo x >f; ln f g; ln -s f s; mkfifo p; touch -d @981173106 d f s p .',
      `--format=${format}`,
    );
    const found = await read(tar);
    expect(found.map(({ type, name }) => [name, type])).toEqual([
      ['./', 'directory'],
      ['./d/', 'directory'],
      ['./f', 'file'],
      ['./g', 'hard-link'],
      ['./p', 'fifo'],
      ['./s', 'symlink'],
    ]);
    expect(found.map(({ linkName }) => linkName).filter(Boolean)).toEqual(['./f', 'f']);
    expect(found[2]).toMatchObject({ content: 'x\n', mtimeSeconds: 981173106 });
  });
});

describe.each(['gnu', 'posix'])('of GNU tar in the format %s', (format) => {
  it('names and links of any length and bytes', async () => {
    const name = `${'n'.repeat(150)}`;
    const tar = gnuTar(
      `mkdir ${name}; echo x >${name}/$'\\xff\\n'${name}; ln -s ${name}${name} l`,
      `--format=${format}`,
    );
    const found = await read(tar);
    expect(found[1]?.linkName).toBe(name + name);
    expect(found[3]?.name).toBe(`./${name}/\xff\n${name}`);
  });
});

it.each(['0.0', '0.1', '1.0'])('files with holes, in the format %s', async (version) => {
  const tar = gnuTar(
    'truncate -s 3M f; printf one | dd of=f bs=1 seek=1M conv=notrunc status=none; printf two | dd of=f bs=1 seek=2500000 conv=notrunc status=none; truncate -s 100K g',
    '--format=posix',
    '--sparse',
    `--sparse-version=${version}`,
  );
  expect(tar.length).toBeLessThan(100_000);
  const [, f, g] = await read(tar);
  expect(f).toMatchObject({ name: './f' });
  expect(f?.content.length).toBe(3 * 1024 ** 2);
  expect(f?.content.replaceAll('\0', '')).toBe('onetwo');
  expect(f?.content.indexOf('two')).toBe(2_500_000);
  expect(g?.content).toBe('\0'.repeat(100 * 1024));
});

it('attributes that are no text', async () => {
  const body = Buffer.from('SCHILY.xattr.security.capability=\x01\0\0\x02\xff\n\n', 'latin1');
  const record = Buffer.concat([Buffer.from(`${body.length + 3} `), body]);
  const tar = await toTar([['x', { type: 'file' }, record], ['y']]);
  // The file's content as records about what follows.
  tar.write('x', 156);
  const [y] = await read(resum(tar));
  expect(y?.attributes).toEqual(new Map([['security.capability', '\x01\0\0\x02\xff\n']]));
});

describe('what is no tar', () => {
  const spoil = async (change: (tar: Buffer) => Uint8Array) =>
    change(
      await toTar([
        ['x', {}, 'x'.repeat(3000)],
        ['y', { pax: { comment: 'z' } }],
      ]),
    );
  it.each<[string, (tar: Buffer) => Uint8Array, RegExp]>([
    ['cut within a header', (tar) => tar.subarray(0, 100), /ends early, after 100 bytes/],
    ['cut within a file', (tar) => tar.subarray(0, 2000), /ends early, after 2000 bytes/],
    ['cut within the records of an entry', (tar) => tar.subarray(0, 3584 + 700), /ends early/],
    ['cut after the records', (tar) => tar.subarray(0, 3584 + 1024), /ends early/],
    ['a wrong checksum', (tar) => tar.fill('z', 0, 1), /wrong checksum/],
    ['text', () => Buffer.alloc(1024, 'text'), /a number that is none|wrong checksum/],
    [
      'a size that is negative',
      (tar) => {
        tar.fill(0xff, 124, 136);
        return resum(tar);
      },
      /a size of -1 bytes/,
    ],
    [
      'a size beyond all',
      (tar) => {
        tar.fill(0x7f, 124, 136);
        tar[124] = 0x80;
        return resum(tar);
      },
      /says a size of/,
    ],
    [
      'a size that lies',
      (tar) => {
        tar.write('77777777777', 124);
        return resum(tar);
      },
      /ends early/,
    ],
    [
      'a type of its own',
      (tar) => {
        tar.write('S', 156);
        return resum(tar);
      },
      /of the type "S", which no layer has/,
    ],
    ['records that are none', (tar) => tar.fill('z', 3584 + 512, 3584 + 514), /a record that is none/],
  ])('%s', async (_, change, message) => {
    const tar = await spoil(change);
    await expect(read(tar)).rejects.toThrow(message);
    await expect(read(tar)).rejects.toHaveProperty('name', 'TarFault');
  });

  it('records longer than any', async () => {
    const long = `${2 * 1024 ** 2} comment=`;
    const tar = await toTar([['x', {}, long.padEnd(2 * 1024 ** 2 - 1, 'z')]]);
    tar.write('x', 156);
    await expect(read(resum(tar))).rejects.toThrow(/an extended header of 209715\d bytes/);
  });

  it.each([
    ['holes that overlap', { 'GNU.sparse.map': '0,10,5,10' }],
    ['holes behind the end', { 'GNU.sparse.map': '0,10,100,10' }],
    ['more than is there', { 'GNU.sparse.map': '0,100' }],
    ['a map that is none', { 'GNU.sparse.map': 'x,y' }],
    ['no map', { 'GNU.sparse.major': '1' }],
  ])('a sparse file with %s', async (_, records) => {
    const pax = { 'GNU.sparse.size': '100', 'GNU.sparse.realsize': '100', ...records };
    await expect(read(await toTar([['x', { pax }, 'x'.repeat(20)]]))).rejects.toThrow(/a sparse file/);
  });
});

it('of a file on disk reads no content that nobody asks for', async () => {
  const file = join(folder, 'large.tar');
  const tar = await toTar([
    ['large', {}, ''],
    ['small', {}, 'small'],
  ]);
  // 100 MB of a hole, which is not there to be read.
  const large = Buffer.from(tar.subarray(0, 512));
  large.write((100 * 1024 ** 2).toString(8).padStart(11, '0'), 124);
  writeFileSync(file, resum(large));
  truncateSync(file, 512 + 100 * 1024 ** 2);
  writeFileSync(file, tar.subarray(512), { flag: 'a' });
  await using handle = await open(file);
  let readBytes = 0;
  const counted = {
    async read(...given: Parameters<typeof handle.read>) {
      const answer = await handle.read(...given);
      readBytes += answer.bytesRead;
      return answer;
    },
  } as typeof handle;
  const names = [];
  const { size: end } = await handle.stat();
  for await (const { name } of readTar(fileInput(counted, { start: 0, end }))) names.push(name);
  expect(names).toEqual(['large', 'small']);
  expect(readBytes).toBeLessThan(3000);
});
