import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toReferrer } from '@keepset/image-builder';
import { openStoredImages, parseSourceName, type StoredName } from '@keepset/image-source';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePrograms } from '../../../test-fixtures/ensure-programs.ts';
import { startRegistry, type TestRegistry } from '../../../test-fixtures/registry.ts';
import { toBlobs, toLayout, toTar, writeArchive, writeFolder } from '../../image-source/test/make-image.ts';
import { runKeepset } from './run-keepset.ts';

const run = promisify(execFile);
/** Whoever asks an engine fails. */
const NO_ENGINE = { DOCKER_HOST: 'tcp://127.0.0.1:1' };
const BILL = 'application/vnd.cyclonedx+json';

let folder: string;
let registry: TestRegistry;

/** A layout of one image with a bill of materials attached. */
function withBill(image: ReturnType<typeof toBlobs>, bill: string): Map<string, string | Buffer> {
  const { mediaType, digest, size } = image.descriptor;
  const attachment = { type: BILL, fileName: 'sbom.cdx.json', content: bill };
  const { descriptor, manifest, blobs } = toReferrer({ mediaType, digest, sizeBytes: size }, attachment, '');
  const files = toLayout([{ image, tag: '1.0' }]);
  for (const blob of [{ digest: descriptor.digest, content: manifest }, ...blobs])
    files.set(`blobs/${blob.digest.replace(':', '/')}`, blob.content);
  const index = JSON.parse(String(files.get('index.json')));
  const { sizeBytes, ...facts } = descriptor;
  index.manifests.push({ ...facts, size: sizeBytes });
  return files.set('index.json', JSON.stringify(index));
}

beforeAll(async () => {
  await ensurePrograms('skopeo');
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  registry = await startRegistry(folder);
  const layers = await Promise.all(['one', 'two'].map((text) => toTar([[text, {}, text]])));
  const [amd64, arm64] = ['amd64', 'arm64'].map((architecture) =>
    toBlobs(layers, { packing: 'gzip', architecture }),
  ) as [ReturnType<typeof toBlobs>, ReturnType<typeof toBlobs>];
  await writeFolder(join(folder, 'amd64'), withBill(amd64, 'of amd64'));
  await writeArchive(join(folder, 'arm64.tar'), withBill(arm64, 'of arm64'));
  const changed = toBlobs(layers.slice(0, 1), { architecture: 's390x' });
  for (const [digest, blob] of changed.blobs)
    if (blob instanceof Buffer) changed.blobs.set(digest, Buffer.from(blob).fill(7, 600, 700));
  await writeFolder(join(folder, 'changed'), toLayout([{ image: changed }]));
});
afterAll(async () => {
  registry?.[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

const index = (...args: readonly string[]) => runKeepset(folder, ['index', ...args], NO_ENGINE);

/** Digests of all that a name means, and what is attached to each. */
async function contentOf(name: string) {
  await using opened = await openStoredImages(parseSourceName(name) as StoredName);
  return opened.images.map(({ descriptor, platform, referrers }) => [
    descriptor.digest,
    platform.architecture,
    referrers.map(({ descriptor, facts }) => [descriptor.digest, facts.artifactType]),
  ]);
}

it('results of a layout and an archive are one index at a registry, and in a layout, with what is attached', async () => {
  const before = [
    ...(await contentOf(`oci:${folder}/amd64`)),
    ...(await contentOf(`oci-archive:${folder}/arm64.tar:1.0`)),
  ];
  expect(before).toMatchObject([
    [expect.any(String), 'amd64', [[expect.any(String), BILL]]],
    [expect.any(String), 'arm64', [[expect.any(String), BILL]]],
  ]);
  const name = `${registry.name}/a/joined`;
  const sent = await index('-t', `${name}:1`, '-t', `${name}:2`, 'oci:amd64:1.0', 'oci-archive:arm64.tar');
  expect(sent).toMatchObject({ status: 0, stderr: '' });
  const written = await index('-t', 'joined:1', '-o', 'type=oci,dest=joined,tar=false', `docker://${name}:2`);
  expect(written).toEqual(sent);
  for (const place of [`docker://${name}:1`, `oci:${folder}/joined:1`])
    expect(await contentOf(place)).toEqual(before);
  const joined = await index('-o', 'type=oci,dest=joined.tar', 'oci:joined');
  expect(joined).toEqual(sent);

  // skopeo reads all of it, and says the same.
  const target = `docker://${registry.name}/a/copied:1`;
  const copy = [
    'copy',
    '--all',
    '--preserve-digests',
    '--dest-tls-verify=false',
    `oci:${folder}/joined:1`,
    target,
  ];
  await run('skopeo', copy);
  const inspect = ['inspect', '--tls-verify=false', '--format', '{{.Digest}} {{.Architecture}}'];
  const arm = (await run('skopeo', ['--override-arch', 'arm64', ...inspect, target])).stdout;
  expect(arm.trim()).toBe(`${sent.stdout.trim()} arm64`);
});

describe('is refused in two lines, and leaves nothing:', () => {
  it.each<[string, readonly string[], number, RegExp]>([
    ['two of one platform', ['oci:amd64', 'oci:amd64'], 1, /two of the images are for linux\/amd64/],
    ['an engine’s image', ['debian:12'], 2, /has no manifest\n {2}Write it with -o type=oci/],
    ['no layout', ['oci:none'], 1, /'none' is no OCI layout/],
    [
      'a layer that was changed',
      ['oci:amd64', 'oci:changed'],
      1,
      /the blob sha256:\w+ of 'changed' is not sha256/,
    ],
  ])('%s', async (_, results, status, message) => {
    for (const output of [
      'type=oci,dest=out.tar',
      'type=oci,dest=out,tar=false',
      `type=registry,ref=${registry.name}/out`,
    ]) {
      const outcome = await index('-o', output, ...results);
      expect(outcome).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(message) });
      expect(outcome.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    }
    expect((await readdir(folder)).filter((name) => /out|partial/.test(name))).toEqual([]);
    await expect(contentOf(`docker://${registry.name}/out`)).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
    });
  });

  it.each<[string, readonly string[], RegExp]>([
    ['no name', ['oci:amd64'], /the index has no name/],
    ['another type', ['-o', 'type=tar,dest=x', 'oci:amd64'], /an index is written as it is/],
    [
      'a compression',
      ['-o', 'type=oci,dest=x,compression=zstd', 'oci:amd64'],
      /an index is written as it is/,
    ],
    ['a name that is none', ['-t', 'A', 'oci:amd64'], /'A' is not a valid image reference/],
  ])('%s', async (_, args, message) => {
    expect(await index(...args)).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});
