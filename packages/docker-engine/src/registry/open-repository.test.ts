import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAnswers } from '../../../../test-fixtures/answering.ts';
import { startRegistry, type TestRegistry } from '../../../../test-fixtures/registry.ts';
import { openRepository } from './open-repository.js';

const TYPE = 'application/vnd.oci.image.manifest.v1+json';
const digestOf = (bytes: string | Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
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

function toBlob(bytes: string | Uint8Array, pieceBytes = 1000) {
  const all = Buffer.from(bytes as string);
  return {
    digest: digestOf(all),
    sizeBytes: all.length,
    async *content() {
      for (let at = 0; at < all.length; at += pieceBytes) yield all.subarray(at, at + pieceBytes);
    },
  };
}

let folder: string;
let registry: TestRegistry;
const me = async () => ({ username: 'me', password: 'secret', serveraddress: registry.name });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  registry = await startRegistry(folder, { wantsPassword: true, tls: true });
});
afterAll(async () => {
  registry?.[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

describe('a repository', () => {
  const open = (name: string) => openRepository(`${registry.name}/${name}`, { findCredentials: me });

  it('gives back what it was given, byte for byte, by name and by digest', async () => {
    const opened = open('keepset/small');
    expect(await opened.getManifest('none')).toBeUndefined();
    expect(await opened.putBlob(toBlob(BLOB))).toBe('sent');
    expect(await opened.putBlob(toBlob(BLOB))).toBe('there');
    // This registry is older than referrers.
    expect(await opened.putManifest('one', TYPE, MANIFEST)).toBe(false);
    for (const reference of ['one', digestOf(MANIFEST)])
      expect(await opened.getManifest(reference)).toEqual({
        mediaType: TYPE,
        content: Buffer.from(MANIFEST),
      });
  });

  it('gives back a blob of many pieces, and takes over what another one has', async () => {
    const bytes = randomBytes(3_000_000);
    const [one, other] = [open('keepset/one'), open('keepset/other')];
    expect(await one.putBlob(toBlob(bytes, 65_536))).toBe('sent');
    const from = ['debian', `${registry.name}/keepset/other`, `${registry.name}/no/ne`, one.name];
    expect(await other.putBlob(toBlob(bytes), from)).toBe('mounted');
    const read = Buffer.concat(await Array.fromAsync(other.readBlob(digestOf(bytes))));
    expect(read.equals(bytes)).toBe(true);
    const part = await Array.fromAsync(other.readBlob(digestOf(bytes), { start: 5, end: 2_000_001 }));
    expect(Buffer.concat(part).equals(bytes.subarray(5, 2_000_001))).toBe(true);
    await expect(Array.fromAsync(other.readBlob(digestOf('none')))).rejects.toMatchObject({
      code: 'REGISTRY_NOT_FOUND',
    });
  });

  it.each([
    ['a stranger', undefined],
    ['a wrong password', { username: 'me', password: 'wrong', serveraddress: '' }],
  ])('refuses %s', async (_, credentials) => {
    const name = `${registry.name}/keepset/small`;
    const opened = openRepository(name, { findCredentials: async () => credentials });
    for (const asked of [() => opened.getManifest('one'), () => opened.putBlob(toBlob('x'))])
      await expect(asked()).rejects.toMatchObject({
        code: 'REGISTRY_REFUSED',
        message: expect.stringMatching(
          /answers 401 for the (?:manifest one|blob sha256:\w+) of .*\/keepset\/small/,
        ),
        hint: expect.stringContaining('docker login'),
      });
  });

  it('of bytes that are others than their digest says is refused', async () => {
    const opened = open('keepset/wrong');
    const { content, sizeBytes } = toBlob('other');
    await expect(opened.putBlob({ digest: digestOf('x'), sizeBytes, content })).rejects.toMatchObject({
      code: 'REGISTRY_FAILED',
      message: expect.stringMatching(/answers 400 for the blob/),
    });
    expect(await opened.hasBlob(digestOf('x'))).toBe(false);
  });

  it('that nobody answers for is an error that says so', async () => {
    await expect(openRepository('127.0.0.1:1/none').getManifest('one')).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: 'the registry 127.0.0.1:1 does not answer, or stops (ECONNREFUSED)',
    });
  });
});

describe('TLS with the certificate of an authority that nobody knows', () => {
  const ask = (access: object) =>
    openRepository(`${registry.name}/a/b`, { findCredentials: me, ...access }).getManifest('none');

  it.each([
    ['of a registry of this machine', () => ({})],
    ['where it was put down', () => ({ insecure: false, certificateFolders: [registry.certificateFolder] })],
    ['where that was said to be enough', () => ({ insecure: true })],
  ])('is enough %s', async (_, access) => {
    expect(await ask(access())).toBeUndefined();
  });

  it('is an error that says what to do', async () => {
    await expect(ask({ insecure: false, certificateFolders: ['/no/such'] })).rejects.toMatchObject({
      code: 'REGISTRY_UNTRUSTED',
      message: expect.stringMatching(/^the certificate of the registry 127.0.0.1:\d+ is not trusted/),
      hint: expect.stringMatching(/\/etc\/docker\/certs.d\/127.0.0.1:\d+\/ca.crt/),
    });
  });

  it('is not even shown by a registry that speaks no TLS', async () => {
    await withAnswers(
      (_, response) => response.end('{}'),
      async (name) => {
        await expect(openRepository(`${name}/a`, { insecure: false }).getManifest('1')).rejects.toMatchObject(
          {
            code: 'REGISTRY_UNTRUSTED',
            message: `the registry ${name} does not speak TLS`,
          },
        );
        expect(await openRepository(`${name}/a`, { insecure: true }).getManifest('1')).toBeDefined();
      },
    );
  });
});

it.each(['file:///etc/passwd', 'gopher://here/', 'http://['])(
  'an answer that sends on to %s is shown as it is',
  async (location) => {
    const listener: RequestListener = (_, response) => response.writeHead(307, { location }).end();
    await withAnswers(listener, async (name) => {
      await expect(openRepository(`${name}/a`).getManifest('1')).rejects.toMatchObject({
        code: 'REGISTRY_FAILED',
        message: `${name} answers 307 for the manifest 1 of ${name}/a`,
      });
    });
  },
);

describe('tokens', () => {
  /** Gives tokens to who shows a password or an identity token, and manifests to who shows a token for them. */
  const withTokens =
    (answerToken: RequestListener): RequestListener =>
    (request, response) => {
      const { authorization = '', host } = request.headers;
      const needed = request.method === 'GET' ? 'pull' : 'pull,push';
      if (request.url?.startsWith('/token')) answerToken(request, response);
      else if (authorization === `Bearer ${needed}`) response.setHeader('oci-subject', 'sha256:1').end('{}');
      else {
        const challenge = `Bearer realm="http://${host}/token",service="here",scope="repository:a/b:${needed}"`;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      }
    };
  const asGranted: RequestListener = (request, response) => {
    const scopes = new URL(request.url ?? '', 'http://x').searchParams.getAll('scope');
    const granted =
      request.method === 'POST' ? 'pull,push' : (scopes.at(-1) ?? '').replace('repository:a/b:', '');
    response.end(JSON.stringify({ token: granted }));
  };

  it.each([
    ['a password', { username: 'me', password: 'secret' }, 'GET'],
    ['nothing', undefined, 'GET'],
  ])('with %s it gets those that the registry asks for, for what it does', async (_, shown, method) => {
    const asked = await withAnswers(withTokens(asGranted), async (name) => {
      const findCredentials = async () => shown && { ...shown, serveraddress: name };
      const opened = openRepository(`${name}/a/b`, { findCredentials });
      for (let time = 0; time < 2; time++) expect(await opened.getManifest('one')).toBeDefined();
      for (let time = 0; time < 2; time++) expect(await opened.putManifest('one', TYPE, MANIFEST)).toBe(true);
    });
    const pull = 'scope=repository%3Aa%2Fb%3Apull';
    expect(asked).toEqual([
      'GET /v2/a/b/manifests/one',
      `${method} /token?service=here&${pull}`,
      'GET /v2/a/b/manifests/one',
      'GET /v2/a/b/manifests/one',
      'PUT /v2/a/b/manifests/one',
      `${method} /token?service=here&${pull}&${pull}%2Cpush`,
      'PUT /v2/a/b/manifests/one',
      'PUT /v2/a/b/manifests/one',
    ]);
  });

  it('with an identity token it shows that', async () => {
    const asked = await withAnswers(withTokens(asGranted), async (name) => {
      const findCredentials = async () => ({ identitytoken: 'mine', serveraddress: name });
      expect(await openRepository(`${name}/a/b`, { findCredentials }).putManifest('1', TYPE, '{}')).toBe(
        true,
      );
    });
    expect(asked).toEqual(['PUT /v2/a/b/manifests/1', 'POST /token', 'PUT /v2/a/b/manifests/1']);
  });

  it.each<[string, RequestListener, string]>([
    ['refused', (_, response) => response.writeHead(401).end(), 'REGISTRY_REFUSED'],
    ['a page', (_, response) => response.end('<html>'), 'REGISTRY_BAD_ANSWER'],
    ['null', (_, response) => response.end('null'), 'REGISTRY_BAD_ANSWER'],
    ['two lines', (_, response) => response.end('{"token":"a\\r\\nb"}'), 'REGISTRY_BAD_ANSWER'],
    ['lost', (_, response) => response.destroy(), 'REGISTRY_UNREACHABLE'],
  ])('that are %s are an error', async (_, answerToken, code) => {
    await withAnswers(withTokens(answerToken), async (name) => {
      await expect(openRepository(`${name}/a/b`).getManifest('one')).rejects.toMatchObject({ code });
    });
  });
});

describe('a registry that', () => {
  it.each([429, 503])('answers %i is asked again, and given up after a while', async (status) => {
    const text = JSON.stringify({ errors: [{ code: 'X', message: 'come back\nlater' }] });
    const asked = await withAnswers(
      (_, response) => response.writeHead(status, { 'retry-after': '0' }).end(text),
      async (name) => {
        const opened = openRepository(`${name}/a`);
        await expect(opened.getManifest('1')).rejects.toMatchObject({
          code: 'REGISTRY_FAILED',
          message: `${name} answers ${status} for the manifest 1 of ${name}/a: come back\nlater`,
        });
        await expect(opened.putBlob(toBlob('x'))).rejects.toMatchObject({ code: 'REGISTRY_FAILED' });
      },
    );
    expect(asked).toHaveLength(8);
  });

  it('loses the connection is asked for the rest alone', async () => {
    const bytes = randomBytes(100_000);
    const ranges: (string | undefined)[] = [];
    const losing: RequestListener = ({ headers: { range } }, response) => {
      ranges.push(range);
      const from = Number(/\d+/.exec(range ?? '0')?.[0]);
      const headers = { 'content-length': bytes.length - from };
      response.writeHead(range === undefined ? 200 : 206, headers);
      if (from > 0) response.end(bytes.subarray(from));
      else response.write(bytes.subarray(0, 40_000), () => response.destroy());
    };
    await withAnswers(losing, async (name) => {
      const read = await Array.fromAsync(openRepository(`${name}/a`).readBlob(digestOf(bytes)));
      expect(Buffer.concat(read).equals(bytes)).toBe(true);
    });
    expect(ranges).toEqual([undefined, 'bytes=40000-']);
  });

  it('loses the connection, and knows no parts, is asked for all once more', async () => {
    const bytes = randomBytes(100_000);
    let asked = 0;
    const losing: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      if (asked++ > 0) response.end(bytes);
      else response.write(bytes.subarray(0, 40_000), () => response.destroy());
    };
    await withAnswers(losing, async (name) => {
      const read = await Array.fromAsync(openRepository(`${name}/a`).readBlob(digestOf(bytes)));
      expect(Buffer.concat(read).equals(bytes)).toBe(true);
    });
  });

  it('knows no parts, or loses the connection in one: only the part is given', async () => {
    const bytes = randomBytes(100_000);
    const wanted = { start: 30_000, end: 70_000 };
    const ranges: (string | undefined)[] = [];
    const losing: RequestListener = ({ headers: { range } }, response) => {
      ranges.push(range);
      if (ranges.length > 1) return response.end(bytes);
      response.writeHead(206, { 'content-length': 40_000 });
      response.write(bytes.subarray(30_000, 50_000), () => response.destroy());
    };
    await withAnswers(losing, async (name) => {
      const read = await Array.fromAsync(openRepository(`${name}/a`).readBlob(digestOf(bytes), wanted));
      expect(Buffer.concat(read).equals(bytes.subarray(30_000, 70_000))).toBe(true);
    });
    expect(ranges).toEqual(['bytes=30000-69999', 'bytes=50000-69999']);
  });

  it('loses the connection each time is given up', async () => {
    const losing: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{', () => response.destroy());
    };
    await withAnswers(losing, async (name) => {
      const opened = openRepository(`${name}/a`);
      const lost = {
        code: 'REGISTRY_UNREACHABLE',
        message: expect.stringContaining('or stops (ECONNRESET)'),
      };
      await expect(Array.fromAsync(opened.readBlob(digestOf('')))).rejects.toMatchObject(lost);
      await expect(opened.getManifest('1')).rejects.toMatchObject(lost);
    });
  });

  it('sends who reads somewhere else does not have its password shown there', async () => {
    const seen: (string | undefined)[] = [];
    const other: RequestListener = ({ headers }, response) => {
      seen.push(headers.authorization);
      response.end('bytes');
    };
    await withAnswers(other, async (place) => {
      const sending: RequestListener = ({ headers: { authorization } }, response) => {
        seen.push(authorization?.replace(/ .*/, ''));
        if (authorization === undefined)
          response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        else response.writeHead(307, { location: `http://${place}/elsewhere` }).end();
      };
      await withAnswers(sending, async (name) => {
        const read = await Array.fromAsync(
          openRepository(`${name}/a`, { findCredentials: me }).readBlob('sha256:1'),
        );
        expect(Buffer.concat(read).toString()).toBe('bytes');
      });
    });
    expect(seen).toEqual([undefined, 'Basic', undefined]);
  });

  it.each<[string, RequestListener]>([
    ['has no place for what it is sent', (_, response) => response.writeHead(202).end()],
    [
      'gives a place that is none',
      (_, response) => response.writeHead(202, { location: 'http://:::' }).end(),
    ],
  ])('%s is an error', async (_, begin) => {
    const listener: RequestListener = (request, response) =>
      request.method === 'HEAD' ? response.writeHead(404).end() : begin(request, response);
    await withAnswers(listener, async (name) => {
      await expect(openRepository(`${name}/a`).putBlob(toBlob('x'))).rejects.toMatchObject({
        code: 'REGISTRY_BAD_ANSWER',
      });
    });
  });

  it('answers with more than a manifest is an error', async () => {
    const large = Buffer.alloc(9 * 1024 ** 2);
    await withAnswers(
      (_, response) => response.end(large),
      async (name) => {
        await expect(openRepository(`${name}/a`).getManifest('1')).rejects.toMatchObject({
          code: 'REGISTRY_BAD_ANSWER',
        });
      },
    );
  });
});

it('what is interrupted is taken back at the registry', async () => {
  const controller = new AbortController();
  const uploading: RequestListener = (request, response) => {
    if (request.method === 'HEAD') response.writeHead(404).end();
    else if (request.method === 'POST')
      response.writeHead(202, { location: '/v2/a/blobs/uploads/1?x=%20y' }).end();
    else if (request.method === 'DELETE') response.writeHead(204).end();
    else request.once('data', () => controller.abort());
  };
  const asked = await withAnswers(uploading, async (name) => {
    const opened = openRepository(`${name}/a`, { signal: controller.signal });
    await expect(opened.putBlob(toBlob(randomBytes(1_000_000)))).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
  });
  expect(asked.map((line) => line.replace(/sha256(?::|%3A)\w+/, 'X'))).toEqual([
    'HEAD /v2/a/blobs/X',
    'POST /v2/a/blobs/uploads/',
    'PUT /v2/a/blobs/uploads/1?x=%20y&digest=X',
    'DELETE /v2/a/blobs/uploads/1?x=%20y',
  ]);
});
