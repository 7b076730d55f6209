import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureImage } from '../../../../test-fixtures/images.ts';
import { startRegistry, type TestRegistry } from '../../../../test-fixtures/registry.ts';
import { connectEngine } from '../connect-engine.js';
import { resolveEngineAddress } from '../connection/engine-address.js';
import { findClientCredentials, registryOf } from './registry-credentials.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

async function find(config: string | object, registry: string) {
  await writeFile(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  const environment = { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH}` };
  return await findClientCredentials({ environment, homeDirectory: '/none' })(registry);
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('what docker login left', () => {
  it.each([
    [
      'in config.json',
      { auths: { 'ghcr.io': { auth: base64('me:pass:word') } } },
      'ghcr.io',
      { username: 'me', password: 'pass:word', serveraddress: 'ghcr.io' },
    ],
    [
      'under an old address',
      { auths: { 'https://r.example/v2/': { auth: base64('a:b') } } },
      'r.example',
      { username: 'a', password: 'b', serveraddress: 'r.example' },
    ],
    [
      'for the Docker Hub',
      { auths: { 'https://index.docker.io/v1/': { auth: base64('a:b') } } },
      'docker.io',
      { username: 'a', password: 'b', serveraddress: 'https://index.docker.io/v1/' },
    ],
    [
      'as a token',
      { auths: { 'r.example': { identitytoken: 't' } } },
      'r.example',
      { identitytoken: 't', serveraddress: 'r.example' },
    ],
    ['for another registry', { auths: { 'ghcr.io': { auth: base64('a:b') } } }, 'r.example', undefined],
    ['nowhere', {}, 'r.example', undefined],
  ])('%s', async (_, config, registry, expected) => {
    expect(await find(config, registry)).toEqual(expected);
  });

  it('with a helper', async () => {
    const script = `#!/bin/sh
read -r server
case $server in
  token.example) echo '{"ServerURL":"x","Username":"<token>","Secret":"t"}' ;;
  none.example) echo 'credentials not found in native keychain'; exit 1 ;;
  bad.example) echo 'locked'; exit 1 ;;
  *) echo "{\\"Username\\":\\"$server\\",\\"Secret\\":\\"s\\"}" ;;
esac
`;
    await writeFile(join(folder, 'docker-credential-test'), script);
    await chmod(join(folder, 'docker-credential-test'), 0o755);
    const config = { credsStore: 'test', credHelpers: { 'lost.example': 'not-installed' } };
    expect(await find(config, 'r.example')).toEqual({
      username: 'r.example',
      password: 's',
      serveraddress: 'r.example',
    });
    expect(await find(config, 'token.example')).toEqual({
      identitytoken: 't',
      serveraddress: 'token.example',
    });
    expect(await find(config, 'none.example')).toBeUndefined();
    await expect(find(config, 'bad.example')).rejects.toMatchObject({
      code: 'CREDENTIALS_UNREADABLE',
      message: expect.stringContaining('locked'),
    });
    await expect(find(config, 'lost.example')).rejects.toMatchObject({
      code: 'CREDENTIALS_UNREADABLE',
      message: expect.stringContaining('docker-credential-not-installed'),
    });
  });

  it('cannot be read', async () => {
    await expect(find('{', 'r.example')).rejects.toMatchObject({ code: 'CREDENTIALS_UNREADABLE' });
  });
});

it.each([
  ['debian', 'docker.io'],
  ['library/debian', 'docker.io'],
  ['ghcr.io/a/b', 'ghcr.io'],
  ['localhost/a', 'localhost'],
  ['host:5000/a', 'host:5000'],
])('%s is at %s', (repository, registry) => {
  expect(registryOf(repository)).toBe(registry);
});

describe('a registry that wants a password', () => {
  let registry: TestRegistry;

  beforeAll(async () => {
    registry = await startRegistry(folder, { wantsPassword: true });
  });
  afterAll(() => registry?.[Symbol.dispose]());

  it('takes an image from whoever is logged in, gives it back, and refuses others', async () => {
    const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
    const name = { repository: `${registry.name}/keepset/test`, tag: 'one' };
    const reference = `${name.repository}:${name.tag}`;
    await using stranger = await connectEngine({ address });
    const image = await stranger.inspectImage(await ensureImage(stranger, 'static'));
    await stranger.tagImage(image?.id ?? '', name);
    await expect(stranger.pushImage(name)).rejects.toMatchObject({
      code: 'PUSH_FAILED',
      message: expect.stringContaining(reference),
    });

    await writeFile(
      join(folder, 'config.json'),
      JSON.stringify({ auths: { [registry.name]: { auth: base64('me:secret') } } }),
    );
    const findCredentials = findClientCredentials({
      environment: { DOCKER_CONFIG: folder },
      homeDirectory: '/none',
    });
    await using known = await connectEngine({ address, registries: { findCredentials } });
    expect(await known.pushImage(name)).toMatch(/^sha256:[0-9a-f]{64}$/);
    await known.removeImage(reference);
    await expect(stranger.pullImage(reference)).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' });
    await known.pullImage(reference);
    expect((await known.inspectImage(reference))?.id).toBe(image?.id);
    await known.removeImage(reference);
  });
});
