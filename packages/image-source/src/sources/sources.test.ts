import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  digestOf,
  type LayerEntry,
  type Packing,
  toBlobs,
  toDockerArchive,
  toLayout,
  toTar,
  writeArchive,
  writeFolder,
} from '../../test/make-image.ts';
import type { ImageSource } from '../image-source.js';
import { hashContents, readHeads } from '../read-contents.js';
import { openDockerArchive } from './open-docker-archive.js';
import { openOciArchive, openOciLayout } from './open-oci-layout.js';

let folder: string;
let layers: readonly Buffer[];
let made = 0;
const place = () => join(folder, String(made++));

const LAYERS: readonly (readonly LayerEntry[])[] = [
  [
    ['etc/'],
    ['etc/motd', {}, 'hello\n'],
    ['etc/same', { type: 'link', linkname: 'etc/motd' }],
    ['gone', {}, 'gone'],
  ],
  [
    ['.wh.gone'],
    ['etc/new', { pax: { 'SCHILY.xattr.user.mark': 'yes' } }, 'new\n'],
    ['lib', { type: 'symlink', linkname: 'usr/lib' }],
  ],
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  layers = await Promise.all(LAYERS.map(toTar));
});
afterAll(async () => await rm(folder, { recursive: true }));

async function read(image: ImageSource, paths: readonly string[]) {
  const found = new Map<string, string>();
  for await (const { path, type, linkTo, content } of image.entries(paths)) {
    const text = Buffer.concat(await Array.fromAsync(content())).toString();
    found.set(path, linkTo === undefined ? `${type} ${text}`.trim() : `link to ${linkTo}`);
  }
  return Object.fromEntries(found);
}

const WHOLE = {
  '/': 'directory',
  '/etc': 'directory',
  '/etc/motd': 'file hello\n'.trim(),
  '/etc/same': 'link to /etc/motd',
  '/etc/new': 'file new',
  '/lib': 'symlink',
};

async function expectWhole(image: ImageSource): Promise<void> {
  const tree = await image.tree();
  const paths = [...tree.entries()].map(({ path }) => path);
  expect(paths).toEqual(Object.keys(WHOLE).sort());
  expect(await read(image, [...paths, '/gone', '/none'])).toEqual(WHOLE);
  expect(await read(image, ['/etc/same'])).toEqual({ '/etc/same': 'file hello' });
  const asked = ['/etc/new', '/none', '/etc/same', '/etc', '/etc/motd'];
  expect((await readHeads(image, asked, 3)).map((head) => head?.toString())).toEqual([
    'new',
    undefined,
    'hel',
    undefined,
    'hel',
  ]);
  const digest = digestOf('hello\n').slice('sha256:'.length);
  expect(await hashContents(image, ['/etc/motd', '/etc/same', '/none'])).toEqual(
    new Map([
      ['/etc/motd', digest],
      ['/etc/same', digest],
    ]),
  );
  expect(image.config).toMatchObject({ architecture: 'amd64', config: { Cmd: ['/bin/true'] } });
}

const open = {
  layout: async (image: ReturnType<typeof toBlobs>) =>
    openOciLayout(await writeFolder(place(), toLayout([{ image }]))),
  'layout, unpacked once': async (image: ReturnType<typeof toBlobs>) =>
    openOciLayout(await writeFolder(place(), toLayout([{ image }])), { unpackOnce: true }),
  archive: async (image: ReturnType<typeof toBlobs>) =>
    openOciArchive(await writeArchive(place(), toLayout([{ image }]))),
};

describe.each(Object.entries(open))('an OCI %s', (_, openMade) => {
  it.each<[Packing, 'oci' | 'docker']>([
    ['none', 'oci'],
    ['gzip', 'oci'],
    ['zstd', 'oci'],
    ['gzip', 'docker'],
    ['none', 'docker'],
  ])('with layers of %s, of the types of %s', async (packing, types) => {
    const blobs = toBlobs(layers, { packing, types });
    await using image = await openMade(blobs);
    expect(image).toMatchObject({ id: blobs.id, manifestDigest: blobs.descriptor.digest });
    await expectWhole(image);
  });
});

describe('a docker archive', () => {
  it('as it was saved for ten years', async () => {
    const file = await writeArchive(place(), toDockerArchive([{ layers, tags: ['one:1'] }]));
    await using image = await openDockerArchive(file);
    await expectWhole(image);
  });

  it('with a link in place of a layer that is there already', async () => {
    const files = toDockerArchive([{ layers: [layers[0] as Buffer, layers[0] as Buffer] }]);
    const file = await writeArchive(place(), files);
    const [config = ''] = [...files.keys()];
    const [name = ''] = [...files.keys()].filter((each) => each.endsWith('/layer.tar'));
    const saved = [{ Config: config, RepoTags: null, Layers: [name, 'other/layer.tar'] }];
    const linked: LayerEntry[] = [
      [config, {}, files.get(config)],
      [name, {}, files.get(name)],
      ['other/layer.tar', { type: 'symlink', linkname: `../${name}` }],
      ['manifest.json', {}, JSON.stringify(saved)],
    ];
    await writeFile(file, await toTar(linked));
    await using image = await openDockerArchive(file);
    expect((await image.tree()).has('/etc/motd')).toBe(true);
  });

  it.each([
    ['its whole name', 'b:1', '/b'],
    ['a name without a tag', 'a', '/a'],
  ])('of several images, by %s', async (_, name, path) => {
    const [a, b] = [await toTar([['a']]), await toTar([['b']])];
    const images = [
      { layers: [a], tags: ['a:latest', 'c:1'] },
      { layers: [b], tags: ['b:1'] },
    ];
    const file = await writeArchive(place(), toDockerArchive(images));
    await using image = await openDockerArchive(file, { name });
    expect([...(await image.tree()).entries()].map((entry) => entry.path)).toEqual(['/', path]);
    await expect(openDockerArchive(file)).rejects.toMatchObject({
      code: 'SOURCE_AMBIGUOUS',
      message: expect.stringContaining('2 images: a:latest, c:1, b:1'),
    });
    await expect(openDockerArchive(file, { name: 'b' })).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      hint: 'It holds a:latest, c:1, b:1.',
    });
  });
});

it('a docker archive of several platforms under one name, by platform', async () => {
  const images = ['amd64', 'arm64'].map((architecture) => ({ layers, tags: ['a:1'], architecture }));
  const file = await writeArchive(place(), toDockerArchive(images));
  await using image = await openDockerArchive(file, { name: 'a:1', platform: 'linux/arm64' });
  expect(image.config.architecture).toBe('arm64');
  for (const platform of [undefined, 'linux/s390x'])
    await expect(openDockerArchive(file, { name: 'a:1', platform })).rejects.toMatchObject({
      code: 'SOURCE_AMBIGUOUS',
      message: expect.stringMatching(/holds 2 images 'a:1'/),
    });
});

it.each([[undefined], ['linux']])(
  'a layout of two images of one platform (%s) is not read by guess',
  async (os) => {
    const images = [layers, layers.slice(0, 1)].map((each, index) => {
      const { descriptor, ...blobs } = toBlobs(each);
      const platform = os === undefined ? undefined : { os, architecture: 'amd64' };
      return { image: { ...blobs, descriptor: { ...descriptor, platform } as never }, tag: `${index + 1}.0` };
    });
    const written = await writeFolder(place(), toLayout(images));
    await expect(openOciLayout(written, { platform: 'linux/amd64' })).rejects.toMatchObject({
      code: 'SOURCE_AMBIGUOUS',
      message: expect.stringMatching(/holds 2 images for linux\/amd64: 1.0, 2.0$/),
    });
    await using image = await openOciLayout(written, { platform: 'linux/amd64', tag: '2.0' });
    expect(image.id).toBe(images[1]?.image.id);
  },
);

describe('a layout of several images', () => {
  const both = () => [
    { image: toBlobs(layers), tag: '1.0' },
    { image: toBlobs(layers.slice(0, 1), { architecture: 'arm64' }), tag: '2.0' },
  ];

  it.each([
    ['by tag', () => ({ tag: '2.0' }), 1],
    ['by platform', () => ({ platform: 'linux/amd64' }), 0],
    ['by a platform with its usual variant', () => ({ platform: 'linux/arm64/v8' }), 1],
    ['by digest', () => ({ tag: both()[1]?.image.descriptor.digest }), 1],
  ])('%s', async (_, choice, index) => {
    const images = both();
    await using image = await openOciLayout(await writeFolder(place(), toLayout(images)), choice());
    expect(image.id).toBe(images[index]?.image.id);
  });

  it('as an index in the index, with an attestation', async () => {
    const [one, other] = both().map(({ image }) => image) as [
      ReturnType<typeof toBlobs>,
      ReturnType<typeof toBlobs>,
    ];
    const attestation = {
      ...other.descriptor,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    };
    const index = JSON.stringify({ schemaVersion: 2, manifests: [attestation, one.descriptor] });
    const descriptor = {
      mediaType: 'application/vnd.oci.image.index.v1+json',
      digest: digestOf(index),
      size: 1,
    };
    const files = toLayout([{ image: { ...one, descriptor: descriptor as never } }]);
    files.set(`blobs/${digestOf(index).replace(':', '/')}`, index);
    await using image = await openOciLayout(await writeFolder(place(), files));
    expect(image.id).toBe(one.id);
  });

  it.each([
    [{}, 'SOURCE_AMBIGUOUS', /holds 2 images: linux\/amd64, linux\/arm64/, /tag/],
    [{ tag: '3.0' }, 'SOURCE_NOT_FOUND', /no image '3.0'/, /It holds 1.0, 2.0/],
    [
      { platform: 'linux/s390x' },
      'SOURCE_NOT_FOUND',
      /no image for linux\/s390x: it holds linux\/amd64/,
      /one of these/,
    ],
    [{ platform: 'amd64' }, 'SOURCE_BAD_REFERENCE', /'amd64' is no platform/, /OS\/ARCHITECTURE/],
  ])('asked for %j says the way out', async (choice, code, message, hint) => {
    const written = await writeFolder(place(), toLayout(both()));
    await expect(openOciLayout(written, choice)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});

describe('what is no image, or not whole', () => {
  type Files = Map<string, string | Buffer>;
  const spoilt = async (
    change: (files: Files, blobs: ReturnType<typeof toBlobs>) => void,
    packing: Packing = 'gzip',
  ) => {
    const blobs = toBlobs(layers, { packing });
    const files: Files = toLayout([{ image: blobs }]);
    change(files, blobs);
    return await writeFolder(place(), files);
  };
  const layerName = (files: Files) => [...files.keys()].at(-1) as string;
  const change = (files: Files, name: string, with_: (content: Buffer) => Buffer | string) =>
    files.set(name, with_(Buffer.from(files.get(name) as string)));
  const nameOf = (digest: string) => `blobs/${digest.replace(':', '/')}`;

  it.each<[string, (files: Files, blobs: ReturnType<typeof toBlobs>) => void, string, RegExp]>([
    [
      'no index',
      (files) => files.delete('index.json'),
      'SOURCE_NOT_FOUND',
      /is no OCI layout: it has no index.json/,
    ],
    [
      'an index that is no JSON',
      (files) => files.set('index.json', '{'),
      'SOURCE_BAD_METADATA',
      /index.json of .* is not JSON/,
    ],
    [
      'an index of a list',
      (files) => files.set('index.json', '[]'),
      'SOURCE_BAD_METADATA',
      /is no JSON object/,
    ],
    [
      'an index of nothing',
      (files) => files.set('index.json', '{"manifests":[]}'),
      'SOURCE_NO_IMAGE',
      /holds no image/,
    ],
    [
      'a digest that is a path',
      (files) => files.set('index.json', '{"manifests":[{"digest":"sha256:../../../etc/passwd"}]}'),
      'SOURCE_BAD_METADATA',
      /as a digest/,
    ],
    [
      'a manifest that was changed',
      (files, { descriptor }) => change(files, nameOf(descriptor.digest), (text) => `${text} `),
      'SOURCE_BAD_DIGEST',
      /the manifest sha256:\w+ of .* is not sha256:/,
    ],
    [
      'a manifest that is gone',
      (files, { descriptor }) => files.delete(nameOf(descriptor.digest)),
      'SOURCE_NOT_FOUND',
      /has no file blobs\/sha256/,
    ],
    [
      'a configuration that was changed',
      (files, { id }) => change(files, nameOf(id), (text) => `${text} `),
      'SOURCE_BAD_DIGEST',
      /the configuration sha256/,
    ],
    [
      'a layer that is gone',
      (files) => files.delete(layerName(files)),
      'SOURCE_NOT_FOUND',
      /has no file blobs/,
    ],
    [
      'a layer that was changed',
      (files) => change(files, layerName(files), (blob) => blob.fill(7, 4, 8)),
      'SOURCE_BAD_DIGEST',
      /the layer sha256:\w+ of .* is not sha256:/,
    ],
    [
      'a layer with something behind it',
      (files) => change(files, layerName(files), (blob) => Buffer.concat([blob, Buffer.alloc(10)])),
      'SOURCE_BAD_METADATA',
      /the blob sha256:\w+ of .* has more than the \d+ bytes/,
    ],
  ])('%s', async (_, spoil, code, message) => {
    const written = await spoilt(spoil);
    const readAll = async () => {
      await using image = await openOciLayout(written);
      await image.tree();
    };
    await expect(readAll()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('a layer that is cut short, and has the digest of what is left', async () => {
    const image = toBlobs([(layers[0] as Buffer).subarray(0, 1200)]);
    await using opened = await openOciLayout(await writeFolder(place(), toLayout([{ image }])));
    await expect(opened.tree()).rejects.toMatchObject({
      code: 'SOURCE_BAD_LAYER',
      message: expect.stringMatching(/^the layer sha256:\w+ of '.*': it ends early, after 1200 bytes$/),
    });
  });

  it('a layer that unpacks to another than the configuration says', async () => {
    const image = toBlobs(layers, { packing: 'gzip' });
    const other = toBlobs([layers[0] as Buffer, layers[0] as Buffer], { packing: 'gzip' });
    const manifest = JSON.stringify({
      ...JSON.parse(other.blobs.get(other.descriptor.digest) as string),
      config: { digest: image.id },
    });
    const blobs = new Map([...image.blobs, ...other.blobs, [digestOf(manifest), manifest]]);
    const descriptor = { ...image.descriptor, digest: digestOf(manifest) };
    const written = await writeFolder(place(), toLayout([{ image: { ...image, blobs, descriptor } }]));
    await using opened = await openOciLayout(written);
    await expect(opened.tree()).rejects.toMatchObject({
      code: 'SOURCE_BAD_DIGEST',
      message: expect.stringContaining('unpacked, is not'),
    });
  });

  it('a name that leaves the image is one line that says which layer', async () => {
    const image = toBlobs([await toTar([['../../x', {}, 'x']])]);
    await using opened = await openOciLayout(await writeFolder(place(), toLayout([{ image }])));
    await expect(opened.tree()).rejects.toMatchObject({
      code: 'SOURCE_BAD_LAYER',
      message: expect.stringMatching(
        /^the layer sha256:\w+ of '.*': the name "..\/..\/x" leads through '..'$/,
      ),
    });
  });

  it('what is stored as images are, and is none', async () => {
    const chart = (text: string) =>
      text.replaceAll('vnd.oci.image.layer.v1.tar', 'vnd.cncf.helm.chart.content.v1.tar');
    const image = toBlobs(layers);
    const manifest = chart(image.blobs.get(image.descriptor.digest) as string);
    image.blobs.set(digestOf(manifest), manifest);
    const descriptor = { ...image.descriptor, digest: digestOf(manifest) };
    const written = await writeFolder(place(), toLayout([{ image: { ...image, descriptor } }]));
    await expect(openOciLayout(written)).rejects.toMatchObject({
      code: 'SOURCE_NO_IMAGE',
      message: expect.stringContaining('helm'),
    });
  });

  it.each([
    ['no file', () => openDockerArchive('/no/such.tar'), 'SOURCE_NOT_FOUND', /there is no such file/],
    [
      'a folder',
      () => openDockerArchive(folder),
      'SOURCE_NO_IMAGE',
      /is no archive of images: it is a folder/,
    ],
    [
      'no tar',
      () => openDockerArchive(new URL(import.meta.url).pathname),
      'SOURCE_NO_IMAGE',
      /is no archive of images/,
    ],
    [
      'a layout asked for as an archive of docker',
      async () => openDockerArchive(await writeArchive(place(), toLayout([]))),
      'SOURCE_NO_IMAGE',
      /no manifest.json/,
    ],
    [
      'an archive of docker asked for as a layout',
      async () => openOciArchive(await writeArchive(place(), toDockerArchive([]))),
      'SOURCE_NO_IMAGE',
      /no index.json/,
    ],
  ])('%s', async (_, openIt, code, message) => {
    await expect(openIt()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('a sparse file that says it is far larger than what is there', async () => {
    const pax = { 'GNU.sparse.map': '0,5', 'GNU.sparse.size': '4000000000000', 'GNU.sparse.name': 'sparse' };
    const blobs = toBlobs([await toTar([['sparse', { pax }, '12345']])]);
    await using image = await openOciLayout(await writeFolder(place(), toLayout([{ image: blobs }])));
    await expect(image.tree()).rejects.toMatchObject({ code: 'SOURCE_TOO_LARGE' });
  });

  it('a signal ends the reading', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const files = toLayout([{ image: toBlobs(layers) }]);
    await using image = await openOciLayout(await writeFolder(place(), files), { signal });
    controller.abort();
    await expect(image.tree()).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('a sparse file whose map tells of more than there is, once it is read', async () => {
    const layer = await toTar([
      [
        'sparse',
        { pax: { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '10' } },
        '9999999\n'.padEnd(512, '\0'),
      ],
    ]);
    await using image = await openOciLayout(
      await writeFolder(place(), toLayout([{ image: toBlobs([layer]) }])),
    );
    await expect(read(image, ['/sparse'])).rejects.toMatchObject({
      code: 'SOURCE_BAD_LAYER',
      message: expect.stringMatching(/^the layer sha256:\w+ of '.*': a sparse file has no map$/),
    });
  });

  it.each([
    ['oci', openOciArchive],
    ['docker', openDockerArchive],
  ])('a pipe in place of an archive of %s is not waited for', async (_, openIt) => {
    const pipe = place();
    execFileSync('mkfifo', [pipe]);
    await expect(openIt(pipe)).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: `'${pipe}' is no regular file`,
    });
  });

  it('more layers than any engine takes', async () => {
    const image = toBlobs(Array.from({ length: 1001 }, () => layers[0] as Buffer));
    const written = await writeFolder(place(), toLayout([{ image }]));
    await expect(openOciLayout(written)).rejects.toMatchObject({
      message: `'${written}' names 1001 layers: more than 1000`,
    });
  });

  it('a pipe where a blob should be does not hold the reader up', async () => {
    const written = await spoilt((files) => void files.delete(layerName(files)));
    const blobs = toBlobs(layers, { packing: 'gzip' });
    execFileSync('mkfifo', [join(written, nameOf([...blobs.blobs.keys()].at(-1) as string))]);
    await using image = await openOciLayout(written);
    await expect(image.tree()).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  });
});

it('memory does not grow with the bytes of files', async () => {
  const large = Buffer.alloc(64 * 1024 ** 2, 'some content ');
  const image = toBlobs([await toTar([['large', {}, large]])], { packing: 'zstd' });
  const written = await writeFolder(place(), toLayout([{ image }]));
  await using opened = await openOciLayout(written);
  let largest = 0;
  let sizeBytes = 0;
  for await (const { content } of opened.entries(['/large']))
    for await (const chunk of content()) {
      largest = Math.max(largest, chunk.length);
      sizeBytes += chunk.length;
    }
  expect(sizeBytes).toBe(large.length);
  expect(largest).toBeLessThan(1024 ** 2);
});
