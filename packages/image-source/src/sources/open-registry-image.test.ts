import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAnswers } from '../../../../test-fixtures/answering.ts';
import { startRegistry, type TestRegistry } from '../../../../test-fixtures/registry.ts';
import { digestOf, toBlobs, toTar } from '../../test/make-image.ts';
import { openRegistryImage } from './open-registry-image.js';

let folder: string;
let registry: TestRegistry;
let image: ReturnType<typeof toBlobs>;
const PASSWORD = { authorization: `Basic ${Buffer.from('me:secret').toString('base64')}` };
const me = async () => ({ username: 'me', password: 'secret', serveraddress: registry.name });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  registry = await startRegistry(folder, { wantsPassword: true });
  image = toBlobs([await toTar([['a', {}, 'one']]), await toTar([['b', {}, 'two']])], { packing: 'gzip' });
  for (const [digest, blob] of image.blobs)
    if (digest !== image.descriptor.digest) await putBlob(digest, blob);
  const manifest = image.blobs.get(image.descriptor.digest) as string;
  await put(`manifests/1.0`, manifest, image.descriptor.mediaType);
  await put(`manifests/${image.descriptor.digest}`, manifest, image.descriptor.mediaType);
  const index = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [image.descriptor] });
  await put('manifests/latest', index, INDEX);
});
afterAll(async () => {
  registry?.[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

const INDEX = 'application/vnd.oci.image.index.v1+json';

async function put(path: string, body: string, type: string): Promise<void> {
  const headers = { ...PASSWORD, 'content-type': type };
  const answer = await fetch(`http://${registry.name}/v2/a/b/${path}`, { method: 'PUT', headers, body });
  expect(answer.status).toBe(201);
}

async function putBlob(digest: string, body: string | Buffer): Promise<void> {
  const base = `http://${registry.name}/v2/a/b/blobs/uploads/`;
  const begun = await fetch(base, { method: 'POST', headers: PASSWORD });
  const url = new URL(begun.headers.get('location') ?? '', base);
  url.searchParams.set('digest', digest);
  const headers = { ...PASSWORD, 'content-type': 'application/octet-stream' };
  expect((await fetch(url, { method: 'PUT', headers, body: body as string })).status).toBe(201);
}

describe('an image of a registry', () => {
  it.each([
    ['by tag', () => ':1.0'],
    ['by no tag, through an index', () => ''],
    ['by digest', () => `@${image.descriptor.digest}`],
    ['by tag and digest', () => `:other@${image.descriptor.digest}`],
  ])('%s', async (_, suffix) => {
    const name = `${registry.name}/a/b${suffix()}`;
    await using opened = await openRegistryImage(name, { findCredentials: me, platform: 'linux/amd64' });
    expect(opened).toMatchObject({ id: image.id, manifestDigest: image.descriptor.digest });
    expect([...(await opened.tree()).entries()].map(({ path }) => path)).toEqual(['/', '/a', '/b']);
    for await (const { content } of opened.entries(['/b']))
      expect(Buffer.concat(await Array.fromAsync(content())).toString()).toBe('two');
  });

  it.each([
    [
      'to a stranger',
      'a/b:1.0',
      undefined,
      'REGISTRY_REFUSED',
      /answers 401 for the manifest 1.0/,
      /docker login/,
    ],
    ['that is not there', 'a/b:none', me, 'SOURCE_NOT_FOUND', /has no manifest none of/, undefined],
    ['of no repository', 'no/ne', me, 'SOURCE_NOT_FOUND', /has no manifest latest of/, undefined],
  ])('%s', async (_, name, findCredentials, code, message, hint) => {
    const error = await openRegistryImage(`${registry.name}/${name}`, { findCredentials }).catch(
      (each) => each,
    );
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    if (hint !== undefined) expect(error.hint).toMatch(hint);
  });

  it('of a registry that nobody answers for', async () => {
    await expect(openRegistryImage('127.0.0.1:1/a')).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: expect.stringMatching(/^the registry 127.0.0.1:1 does not answer, or stops \(.+\)$/),
    });
  });
});

describe('a registry that answers', () => {
  it.each<[string, RequestListener, string]>([
    ['with a page', (_, response) => response.end('<html>'), 'SOURCE_BAD_METADATA'],
    ['with a list', (_, response) => response.end('[]'), 'SOURCE_BAD_METADATA'],
    ['with nothing of an image', (_, response) => response.end('{}'), 'SOURCE_NO_IMAGE'],
  ])('%s', async (_, listener, code) => {
    await withAnswers(listener, async (name) => {
      await expect(openRegistryImage(`${name}/a/b`)).rejects.toMatchObject({ code });
    });
  });

  it('with a layer that does not end', async () => {
    const packed = [...image.blobs].find(([, blob]) => blob instanceof Buffer) as [string, Buffer];
    const endless: RequestListener = (request, response) => {
      const digest = request.url?.match(/sha256:\w+/)?.[0] ?? image.descriptor.digest;
      response.write(image.blobs.get(digest) ?? '{}');
      if (digest !== packed[0]) return response.end();
      const timer = setInterval(() => response.write(Buffer.alloc(1000)), 1);
      response.on('close', () => clearInterval(timer));
    };
    await withAnswers(endless, async (name) => {
      await using opened = await openRegistryImage(`${name}/a/b`);
      await expect(opened.tree()).rejects.toMatchObject({
        code: 'SOURCE_BAD_METADATA',
        message: `the blob ${packed[0]} of ${name}/a/b has more than the ${packed[1].length} bytes that its manifest says`,
      });
    });
  });

  it('with another manifest than the digest says', async () => {
    const other: RequestListener = (_, response) => response.end('{}');
    await withAnswers(other, async (name) => {
      await expect(openRegistryImage(`${name}/a/b@${digestOf('x')}`)).rejects.toMatchObject({
        code: 'SOURCE_BAD_DIGEST',
      });
    });
  });
});
