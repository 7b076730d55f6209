import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readSigningKey } from '@keepset/manifest';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { ensurePackages } from '../../../test-fixtures/ensure-programs.ts';
import { packTar, packZip } from './contents/pack-contents.js';
import { bagTexts } from './deposit/bag.js';
import { depositTexts, fileOf } from './deposit/deposit-texts.js';
import { DEPOSIT } from './deposit/example.test-helper.js';
import { verifyArchive } from './verify-archive.js';

const outside = mkdtempSync(join(tmpdir(), 'keepset-verify-'));
const folder = join(outside, 'deposits');
mkdirSync(folder);
afterAll(() => rmSync(outside, { recursive: true }));

const blob = 'a blob';
const PAYLOAD = new Map([
  [`image/blobs/sha256/${createHash('sha256').update(blob).digest('hex')}`, blob],
  ['image/index.json', '{}'],
  ['inputs/1/100%\n.csv', '1,2\n'],
  ['inputs/1/é.csv', '1,2\n'],
  ['expected/1-plot/stdout', 'done\n'],
  ...depositTexts(DEPOSIT),
]);
const files = [...PAYLOAD].map(fileOf);
const FILES = new Map([
  ...[...PAYLOAD].map(([name, text]) => [`data/${name}`, text] as const),
  ...bagTexts(files, { title: 'a title', created: DEPOSIT.created, toolVersion: '1' }),
]);

const good = join(folder, 'paper');
const packed = [...FILES].map(([name, text]) => ({
  name,
  file: join(good, name),
  sizeBytes: Buffer.byteLength(text),
  isExecutable: name.endsWith('.sh'),
}));

beforeAll(async () => {
  for (const [name, text] of FILES) {
    mkdirSync(dirname(join(good, name)), { recursive: true });
    writeFileSync(join(good, name), text);
  }
  const options = { base: 'paper', time: new Date('2024-05-06T07:08:10Z') };
  await packZip(packed, `${good}.zip`, options);
  await packTar(packed, `${good}.tar`, options);
});

it.each(['paper', 'paper.zip', 'paper.tar'])('finds nothing wrong with %s', async (name) => {
  const { problems, files: count } = await verifyArchive(join(folder, name));
  expect(problems).toEqual([]);
  expect(count).toBe(FILES.size);
});

it('is understood by coreutils, unzip by Python, and tar', () => {
  const place = mkdtempSync(join(folder, 'other-'));
  execFileSync('python3', ['-m', 'zipfile', '-e', `${good}.zip`, place]);
  const sums = (at: string) =>
    // Names with a line end are escaped in another way by the two.
    execFileSync(
      'sh',
      [
        '-c',
        "grep -v '%0A' manifest-sha256.txt | sha256sum -c --quiet && sha256sum -c --quiet tagmanifest-sha256.txt",
      ],
      {
        cwd: at,
        encoding: 'utf8',
      },
    );
  expect(sums(join(place, 'paper'))).toBe('');
  rmSync(join(place, 'paper'), { recursive: true });
  execFileSync('tar', ['-xf', `${good}.tar`, '-C', place]);
  expect(sums(join(place, 'paper'))).toBe('');
  expect(statSync(join(place, 'paper/data/check.sh')).mode & 0o111).toBe(0o111);
});

it('packs the same bytes in any time zone', async () => {
  const again = join(folder, 'again.zip');
  const before = process.env.TZ;
  try {
    process.env.TZ = 'Asia/Kathmandu';
    await packZip(packed, again, { base: 'paper', time: new Date('2024-05-06T07:08:10Z') });
  } finally {
    process.env.TZ = before ?? 'UTC';
  }
  expect(readFileSync(again).equals(readFileSync(`${good}.zip`))).toBe(true);
});

describe('what is changed', () => {
  const changed = (change: (at: string) => void) => {
    const at = mkdtempSync(join(folder, 'changed-'));
    cpSync(good, at, { recursive: true });
    change(at);
    return verifyArchive(at);
  };
  const flip = (name: string) => (at: string) => {
    const bytes = readFileSync(join(at, name));
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    writeFileSync(join(at, name), bytes);
  };
  const blobName = [...FILES.keys()].find((name) => name.includes('/blobs/')) ?? '';

  it.each([
    ['a byte of an input', flip('data/inputs/1/é.csv'), ['data/inputs/1/é.csv is not what was deposited']],
    [
      'a byte of an expected file',
      flip('data/expected/1-plot/stdout'),
      ['data/expected/1-plot/stdout is not what was deposited'],
    ],
    [
      'a byte of the image',
      flip(blobName),
      [`${blobName} is not what was deposited`, `${blobName} does not hold what its name says`],
    ],
    ['a byte of a tag file', flip('bag-info.txt'), ['bag-info.txt is not what was deposited']],
    [
      'a file that is gone',
      (at: string) => rmSync(join(at, 'data/check.sh')),
      ['data/check.sh is missing', expect.stringMatching(/^bag-info.txt says/)],
    ],
    [
      'a file that is new',
      (at: string) => writeFileSync(join(at, 'data/x\u202e'), ''),
      ['data/x\\u{202e} is in no checksum list', expect.stringMatching(/^bag-info.txt says/)],
    ],
    [
      'a list with a line that is none',
      (at: string) => appendFileSync(join(at, 'manifest-sha256.txt'), 'nonsense\n'),
      ['a line of a checksum list is none: nonsense', 'manifest-sha256.txt is not what was deposited'],
    ],
  ])('%s', async (_, change, problems) => {
    expect((await changed(change)).problems).toEqual(problems);
  });

  it('a link is refused, wherever it leads', async () => {
    await expect(changed((at) => symlinkSync('/etc/passwd', join(at, 'data/link')))).rejects.toThrow(
      "'data/link' cannot be part of a deposit: it is no file and no folder",
    );
  });

  it('what is no bag is no deposit', async () => {
    await expect(changed((at) => rmSync(join(at, 'bagit.txt')))).rejects.toThrow('it has no bagit.txt');
    await expect(verifyArchive(join(good, 'data/check.sh'))).rejects.toThrow(
      'is no folder, no zip and no tar',
    );
    await expect(verifyArchive(join(folder, 'nothing'))).rejects.toThrow('there is no deposit');
  });
});

describe('hostile archives', () => {
  type TarHeader = Parameters<ReturnType<typeof pack>['entry']>[0];
  const tarOf = async (...headers: readonly TarHeader[]) => {
    const archive = pack();
    for (const header of headers) archive.entry(header, header.type === undefined ? 'x' : '');
    archive.finalize();
    const file = join(folder, 'hostile.tar');
    writeFileSync(file, Buffer.concat(await Array.fromAsync(archive as AsyncIterable<Buffer>)));
    return file;
  };
  /** The library writes no such names: they are put in afterwards. */
  const zipOf = async (name: string, real: string = name, mode = 0o100644, text = 'x') => {
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from(text), name, { mode, compress: text.length > 100 });
    zip.addBuffer(Buffer.from('x'), 'paper/other', { compress: false });
    zip.end();
    const bytes = Buffer.concat(await Array.fromAsync(zip.outputStream as AsyncIterable<Buffer>));
    const file = join(folder, 'hostile.zip');
    writeFileSync(file, Buffer.from(bytes.toString('latin1').replaceAll(name, real), 'latin1'));
    return file;
  };

  it.each<[string, readonly TarHeader[], RegExp]>([
    ['a path that leads out', [{ name: 'paper/../../x' }], /leads out of the folder/],
    ['an absolute path', [{ name: '/etc/x' }], /is absolute/],
    ['a link', [{ name: 'paper/x', type: 'symlink', linkname: '/etc' }], /no file and no folder/],
    ['a hard link', [{ name: 'paper/x', type: 'link', linkname: '/etc/passwd' }], /no file and no folder/],
    ['a device', [{ name: 'paper/x', type: 'character-device' }], /no file and no folder/],
    ['a name twice', [{ name: 'paper/x' }, { name: 'paper/x' }], /is there twice/],
    ['two folders', [{ name: 'paper/x' }, { name: 'other/x' }], /is not in the folder paper/],
    ['a file in no folder', [{ name: 'x' }], /is in no folder/],
    ['a backslash', [{ name: 'paper/a\\b' }], /has a backslash/],
  ])('a tar with %s', async (_, headers, message) => {
    await expect(verifyArchive(await tarOf(...headers))).rejects.toThrow(message);
  });

  it.each<[string, readonly [string, string?, number?, string?], RegExp]>([
    ['a path that leads out', ['paper/xx/x', 'paper/../x'], /relative path|leads out/],
    ['an absolute path', ['paper/x', '/aper/x'], /absolute/],
    ['a name twice', ['paper/othes', 'paper/other'], /is there twice/],
    ['a link', ['paper/x', 'paper/x', 0o120777], /no file and no folder/],
    ['a bomb', ['paper/x', 'paper/x', 0o100644, '0'.repeat(100_000_000)], /unpacks to more than 200 times/],
  ])('a zip with %s', async (_, [name, real, mode, text], message) => {
    await expect(verifyArchive(await zipOf(name, real, mode, text))).rejects.toThrow(message);
  });

  it.each(['zip', 'tar'])('a %s that is cut off', async (kind) => {
    const file = join(folder, `cut.${kind}`);
    cpSync(`${good}.${kind}`, file);
    truncateSync(file, Math.floor(statSync(file).size / 2));
    await expect(verifyArchive(file)).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
  });

  it('writes nothing', () => {
    expect(readdirSync(outside)).toEqual(['deposits']);
    expect(readdirSync(good).sort()).toEqual(
      ['bag-info.txt', 'bagit.txt', 'data', 'manifest-sha256.txt', 'tagmanifest-sha256.txt'].sort(),
    );
  });
});

describe('a deposit that is signed', () => {
  beforeAll(() => ensurePackages('/usr/bin/openssl', 'openssl'));
  const openssl = (...words: string[]) => execFileSync('openssl', words, { encoding: 'utf8', stdio: 'pipe' });
  const signedBy = (kind: string) => {
    const place = join(mkdtempSync(join(folder, 'signed-')), 'paper');
    cpSync(good, place, { recursive: true });
    const pem = openssl('genpkey', '-algorithm', kind, ...(kind === 'ec' ? CURVE : []));
    writeFileSync(join(place, '../key.pem'), pem);
    const key = readSigningKey(pem);
    const sums = readFileSync(join(place, 'tagmanifest-sha256.txt'));
    writeFileSync(join(place, 'tagmanifest-sha256.txt.sig'), key.sign(sums));
    return { place, kind: key.kind, key: openssl('pkey', '-in', join(place, '../key.pem'), '-pubout') };
  };
  const CURVE = ['-pkeyopt', 'ec_paramgen_curve:P-256'];

  it.each(['ed25519', 'ec', 'rsa'])(
    'is checked by its key (%s), and by openssl as its README says',
    async (name) => {
      const { place, kind, key } = signedBy(name);
      expect(await verifyArchive(place, { key })).toMatchObject({ problems: [], signed: 'checked' });
      expect(await verifyArchive(place)).toMatchObject({ problems: [], signed: 'unchecked' });
      const readme = depositTexts({ ...DEPOSIT, signature: kind }).get('README.md') ?? '';
      const line = /^ +(openssl .*)$/m.exec(readme)?.[1] ?? 'false';
      writeFileSync(join(place, 'PUBLIC.pem'), key);
      expect(execFileSync('sh', ['-c', line], { cwd: place, encoding: 'utf8' })).toMatch(/Verified/);
    },
  );

  it('is refused where another key signed it, where its lists were changed since, and where nobody signed it', async () => {
    const { place, key } = signedBy('ed25519');
    const other = signedBy('ec').key;
    expect((await verifyArchive(place, { key: other })).problems).toEqual(['it is not signed by this key']);
    expect((await verifyArchive(good, { key })).problems).toEqual(['it is not signed']);
    expect((await verifyArchive(good)).signed).toBeUndefined();
    appendFileSync(join(place, 'tagmanifest-sha256.txt'), `${'0'.repeat(64)}  other.txt\n`);
    expect((await verifyArchive(place, { key })).problems).toEqual([
      'it is not signed by this key',
      'other.txt is missing',
    ]);
    await expect(verifyArchive(place, { key: 'no key' })).rejects.toThrow('the key cannot be used');
  });
});
