import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../engine-error.js';

/** Where an engine listens. */
export interface EngineAddress {
  /** As the user would write it: unix:///run/docker.sock, tcp://host:2376, ssh://user@host */
  readonly text: string;
  readonly socketPath?: string;
  readonly protocol?: 'http' | 'https' | 'ssh';
  readonly host?: string;
  readonly port?: number;
  readonly username?: string;
  /** Socket of the agent that holds the user's keys, of ssh. */
  readonly sshAgent?: string;
  readonly certificates?: { readonly ca: string; readonly cert: string; readonly key: string };
}

/** What the address depends on, so that the function has no hidden input. */
export interface AddressSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  /** Read a small text file; undefined when it does not exist. */
  readonly readText?: (path: string) => string | undefined;
}

const DEFAULT_HOST = 'unix:///var/run/docker.sock';

/**
 * Find the engine the way the docker client does: DOCKER_CONTEXT, then DOCKER_HOST, then the current
 * context of config.json, then the default socket.
 *
 * @throws EngineError ENGINE_ADDRESS_INVALID  a context that does not exist, an address that is none
 * @see docker(1), "Environment variables"
 * @example
 * const environment = { DOCKER_HOST: 'tcp://build:2375' };
 * resolveEngineAddress({ environment, homeDirectory: '/root' }).port // 2375
 */
export function resolveEngineAddress(sources: AddressSources): EngineAddress {
  const { environment, homeDirectory, readText = readTextFile } = sources;
  const configDirectory = environment.DOCKER_CONFIG || join(homeDirectory, '.docker');
  const contextName = environment.DOCKER_CONTEXT;
  if (contextName) return withAgent(contextAddress(contextName, configDirectory, readText), environment);
  if (environment.DOCKER_HOST) {
    const folder = certificateFolder(environment, configDirectory);
    return withAgent(hostAddress(environment.DOCKER_HOST, folder, readText), environment);
  }
  const config = parseJson<{ currentContext?: string }>(readText(join(configDirectory, 'config.json')));
  if (config?.currentContext)
    return withAgent(contextAddress(config.currentContext, configDirectory, readText), environment);
  return hostAddress(DEFAULT_HOST, undefined, readText);
}

/** @see ssh-agent(1), SSH_AUTH_SOCK */
function withAgent(address: EngineAddress, { SSH_AUTH_SOCK }: AddressSources['environment']): EngineAddress {
  return address.protocol === 'ssh' && SSH_AUTH_SOCK ? { ...address, sshAgent: SSH_AUTH_SOCK } : address;
}

function contextAddress(
  name: string,
  configDirectory: string,
  readText: (path: string) => string | undefined,
): EngineAddress {
  if (name === 'default') return hostAddress(DEFAULT_HOST, undefined, readText);
  // The client stores a context under the sha256 of its name.
  const id = createHash('sha256').update(name).digest('hex');
  const meta = parseJson<{ Endpoints?: { docker?: { Host?: string } } }>(
    readText(join(configDirectory, 'contexts', 'meta', id, 'meta.json')),
  );
  const host = meta?.Endpoints?.docker?.Host;
  if (host === undefined) {
    throw new EngineError('ENGINE_ADDRESS_INVALID', `there is no docker context '${name}'`, {
      hint: "'docker context ls' lists them; unset DOCKER_CONTEXT to use the default socket.",
    });
  }
  const tlsFolder = join(configDirectory, 'contexts', 'tls', id, 'docker');
  return hostAddress(
    host,
    readText(join(tlsFolder, 'ca.pem')) === undefined ? undefined : tlsFolder,
    readText,
  );
}

function certificateFolder(
  environment: AddressSources['environment'],
  configDirectory: string,
): string | undefined {
  if (environment.DOCKER_CERT_PATH) return environment.DOCKER_CERT_PATH;
  return environment.DOCKER_TLS_VERIFY ? configDirectory : undefined;
}

function hostAddress(
  text: string,
  certificates: string | undefined,
  readText: (path: string) => string | undefined,
): EngineAddress {
  if (text.startsWith('unix://'))
    return { text, socketPath: text.slice('unix://'.length) || '/var/run/docker.sock' };
  if (text.startsWith('npipe://')) return { text, socketPath: text.slice('npipe://'.length) };
  let url: URL;
  try {
    url = new URL(text.includes('://') ? text : `tcp://${text}`);
  } catch (cause) {
    throw invalidAddress(text, cause);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === '') throw invalidAddress(text);
  if (url.protocol === 'ssh:') {
    return {
      text,
      protocol: 'ssh',
      host,
      port: Number(url.port || 22),
      ...(url.username && { username: url.username }),
    };
  }
  if (!['tcp:', 'http:', 'https:'].includes(url.protocol)) throw invalidAddress(text);
  const secure = certificates !== undefined || url.protocol === 'https:';
  const port = Number(url.port || (secure ? 2376 : 2375));
  if (certificates === undefined) return { text, protocol: secure ? 'https' : 'http', host, port };
  const read = (name: string): string => {
    const content = readText(join(certificates, name));
    if (content === undefined) {
      throw new EngineError('ENGINE_ADDRESS_INVALID', `${text} needs ${name}, and ${certificates} has none`, {
        hint: 'Set DOCKER_CERT_PATH to the folder that holds ca.pem, cert.pem and key.pem.',
      });
    }
    return content;
  };
  return {
    text,
    protocol: 'https',
    host,
    port,
    certificates: { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') },
  };
}

function invalidAddress(text: string, cause?: unknown): EngineError {
  return new EngineError('ENGINE_ADDRESS_INVALID', `'${text}' is not the address of an engine`, {
    hint: 'DOCKER_HOST looks like unix:///var/run/docker.sock, tcp://HOST:PORT or ssh://USER@HOST.',
    cause,
  });
}

function readTextFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parseJson<T>(text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
