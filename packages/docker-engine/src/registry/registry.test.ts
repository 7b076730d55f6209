import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../../../../test-fixtures/registry.ts';
import { openRegistry } from './registry.js';

const TYPE = 'application/vnd.oci.image.manifest.v1+json';
const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const BLOB = '{}';
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: TYPE,
  config: {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: digestOf(BLOB),
    size: BLOB.length,
  },
  layers: [],
});

let folder: string;
let registry: TestRegistry;
const me = async () => ({ username: 'me', password: 'secret', serveraddress: registry.name });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  registry = await startRegistry(folder, { wantsPassword: true });
});
afterAll(async () => {
  registry?.[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

describe('a repository', () => {
  it('gives back what it was given, byte for byte, by name and by digest', async () => {
    const opened = await openRegistry(`${registry.name}/keepset/small`, me);
    expect(await opened.getManifest('none')).toBeUndefined();
    for (let time = 0; time < 2; time++) await opened.putBlob(digestOf(BLOB), BLOB);
    // This registry is older than referrers.
    expect(await opened.putManifest('one', TYPE, MANIFEST)).toBe(false);
    for (const reference of ['one', digestOf(MANIFEST)])
      expect(await opened.getManifest(reference)).toEqual({ mediaType: TYPE, content: MANIFEST });
  });

  it.each([
    ['a stranger', undefined],
    ['a wrong password', { username: 'me', password: 'wrong', serveraddress: '' }],
  ])('refuses %s', async (_, credentials) => {
    const opened = await openRegistry(`${registry.name}/keepset/small`, async () => credentials);
    await expect(opened.getManifest('one')).rejects.toMatchObject({
      code: 'PUSH_FAILED',
      message: expect.stringMatching(/^cannot attach to .*\/keepset\/small: manifest one: 401/),
    });
  });

  it('that nobody answers for is an error that says so', async () => {
    const opened = await openRegistry('127.0.0.1:1/none');
    await expect(opened.getManifest('one')).rejects.toMatchObject({
      code: 'PUSH_FAILED',
      hint: expect.stringContaining('127.0.0.1:1'),
    });
  });
});

/** Gives tokens to who shows a password or an identity token, and manifests to who shows a token. */
function tokenServer(asked: string[]): Server {
  const server = createServer((request, response) => {
    const { authorization = '' } = request.headers;
    asked.push(`${request.method} ${request.url} ${authorization.split(' ')[0]}`.trim());
    const { port } = server.address() as { port: number };
    if (request.url?.startsWith('/token')) response.end(JSON.stringify({ token: 'granted' }));
    else if (authorization === 'Bearer granted') response.setHeader('oci-subject', 'sha256:1').end('{}');
    else {
      const challenge = `Bearer realm="http://127.0.0.1:${port}/token",service="here",scope="repository:a/b:pull,push"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    }
  });
  return server;
}

it.each([
  ['a password', { username: 'me', password: 'secret' }, /^GET \/token\?service=here&scope=.+ Basic$/],
  ['an identity token', { identitytoken: 'mine' }, /^POST \/token$/],
  ['nothing', undefined, /^GET \/token\?service=here&scope=\S+$/],
])('with %s it gets the token that the registry asks for, once', async (_, shown, request) => {
  const asked: string[] = [];
  const server = tokenServer(asked).listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const name = `127.0.0.1:${(server.address() as { port: number }).port}`;
    const opened = await openRegistry(`${name}/a/b`, async () => shown && { ...shown, serveraddress: name });
    expect(await opened.getManifest('one')).toBeDefined();
    expect(await opened.putManifest('one', TYPE, MANIFEST)).toBe(true);
    expect(asked).toEqual([
      'GET /v2/a/b/manifests/one',
      expect.stringMatching(request),
      'GET /v2/a/b/manifests/one Bearer',
      'PUT /v2/a/b/manifests/one Bearer',
    ]);
  } finally {
    server.close();
  }
});
