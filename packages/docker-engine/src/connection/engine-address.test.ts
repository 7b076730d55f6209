import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resolveEngineAddress } from './engine-address.js';

const HOME = '/home/jo';
const idOf = (context: string) => createHash('sha256').update(context).digest('hex');
const META = (host: string) => JSON.stringify({ Endpoints: { docker: { Host: host } } });

function resolve(environment: Record<string, string>, files: Record<string, string> = {}) {
  return resolveEngineAddress({ environment, homeDirectory: HOME, readText: (path) => files[path] });
}

describe('an address', () => {
  it.each([
    ['unix:///run/a.sock', { socketPath: '/run/a.sock' }],
    ['unix://', { socketPath: '/var/run/docker.sock' }],
    ['npipe:////./pipe/docker_engine', { socketPath: '//./pipe/docker_engine' }],
    ['tcp://host:1234', { protocol: 'http', host: 'host', port: 1234 }],
    ['tcp://host', { protocol: 'http', host: 'host', port: 2375 }],
    ['host:1234', { protocol: 'http', host: 'host', port: 1234 }],
    ['http://host', { protocol: 'http', host: 'host', port: 2375 }],
    ['https://host', { protocol: 'https', host: 'host', port: 2376 }],
    ['tcp://[::1]:99', { protocol: 'http', host: '::1', port: 99 }],
    ['ssh://jo@host:2222', { protocol: 'ssh', host: 'host', port: 2222, username: 'jo' }],
    ['ssh://host', { protocol: 'ssh', host: 'host', port: 22 }],
  ])('%s', (text, expected) => {
    expect(resolve({ DOCKER_HOST: text })).toEqual({ text, ...expected });
  });

  it.each(['tcp://', 'ftp://host', 'tcp://host:port', 'http:// host', '://'])('that is none: %s', (text) => {
    expect(() => resolve({ DOCKER_HOST: text })).toThrow(
      expect.objectContaining({ code: 'ENGINE_ADDRESS_INVALID', message: expect.stringContaining(text) }),
    );
  });
});

it('by ssh has the agent that holds the keys, by context too', () => {
  const files = { [`${HOME}/.docker/contexts/meta/${idOf('far')}/meta.json`]: META('ssh://jo@far') };
  const agent = { SSH_AUTH_SOCK: '/run/agent' };
  for (const environment of [{ DOCKER_HOST: 'ssh://jo@far' }, { DOCKER_CONTEXT: 'far' }])
    expect(resolve({ ...environment, ...agent }, files)).toMatchObject({
      host: 'far',
      sshAgent: '/run/agent',
    });
  expect(resolve({ DOCKER_HOST: 'tcp://far', ...agent })).not.toHaveProperty('sshAgent');
});

describe('the order of sources', () => {
  const files = {
    [`${HOME}/.docker/config.json`]: '{"currentContext":"current"}',
    [`${HOME}/.docker/contexts/meta/${idOf('current')}/meta.json`]: META('tcp://current:1'),
    [`${HOME}/.docker/contexts/meta/${idOf('asked')}/meta.json`]: META('tcp://asked:1'),
    [`/other/contexts/meta/${idOf('asked')}/meta.json`]: META('tcp://other:1'),
  };

  it.each([
    ['nothing: the default socket', {}, {}, 'unix:///var/run/docker.sock'],
    ['the current context', {}, files, 'tcp://current:1'],
    ['DOCKER_HOST before the current context', { DOCKER_HOST: 'tcp://host:1' }, files, 'tcp://host:1'],
    [
      'DOCKER_CONTEXT before DOCKER_HOST',
      { DOCKER_HOST: 'tcp://host:1', DOCKER_CONTEXT: 'asked' },
      files,
      'tcp://asked:1',
    ],
    ['an empty variable is none', { DOCKER_HOST: '', DOCKER_CONTEXT: '' }, files, 'tcp://current:1'],
    [
      'DOCKER_CONFIG for the folder',
      { DOCKER_CONTEXT: 'asked', DOCKER_CONFIG: '/other' },
      files,
      'tcp://other:1',
    ],
    ['the context named default', { DOCKER_CONTEXT: 'default' }, files, 'unix:///var/run/docker.sock'],
    [
      'a configuration that is no JSON',
      {},
      { [`${HOME}/.docker/config.json`]: '{' },
      'unix:///var/run/docker.sock',
    ],
  ])('%s', (_, environment, given, expected) => {
    expect(resolve(environment, given).text).toBe(expected);
  });

  it('a context that does not exist is an error, which names it', () => {
    expect(() => resolve({ DOCKER_CONTEXT: 'nowhere' }, files)).toThrow(
      expect.objectContaining({
        code: 'ENGINE_ADDRESS_INVALID',
        message: expect.stringContaining('nowhere'),
      }),
    );
  });
});

describe('certificates', () => {
  const pem = (folder: string) => ({
    [`${folder}/ca.pem`]: 'CA',
    [`${folder}/cert.pem`]: 'CERT',
    [`${folder}/key.pem`]: 'KEY',
  });
  const SECURE = { protocol: 'https', certificates: { ca: 'CA', cert: 'CERT', key: 'KEY' } };

  it('come from DOCKER_CERT_PATH', () => {
    const environment = { DOCKER_HOST: 'tcp://host:2376', DOCKER_CERT_PATH: '/pem' };
    expect(resolve(environment, pem('/pem'))).toMatchObject(SECURE);
  });

  it('come from the folder of the configuration with DOCKER_TLS_VERIFY', () => {
    const environment = { DOCKER_HOST: 'tcp://host', DOCKER_TLS_VERIFY: '1' };
    expect(resolve(environment, pem(`${HOME}/.docker`))).toMatchObject({ ...SECURE, port: 2376 });
  });

  it("come from the context's own folder", () => {
    const files = {
      [`${HOME}/.docker/contexts/meta/${idOf('tls')}/meta.json`]: META('tcp://host:2376'),
      ...pem(`${HOME}/.docker/contexts/tls/${idOf('tls')}/docker`),
    };
    expect(resolve({ DOCKER_CONTEXT: 'tls' }, files)).toMatchObject(SECURE);
  });

  it('that are missing are an error, which names file and folder', () => {
    const { '/pem/key.pem': _, ...some } = pem('/pem');
    expect(() => resolve({ DOCKER_HOST: 'tcp://host', DOCKER_CERT_PATH: '/pem' }, some)).toThrow(
      /key\.pem.*\/pem has none/,
    );
  });
});
