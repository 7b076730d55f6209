import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../engine-error.js';

/** What the engine shows a registry. */
export interface RegistryCredentials {
  readonly username?: string;
  readonly password?: string;
  /** In place of a password. */
  readonly identitytoken?: string;
  readonly serveraddress: string;
}

/** Finds the credentials for a registry (ghcr.io, localhost:5000); undefined when there are none. */
export type FindCredentials = (registry: string) => Promise<RegistryCredentials | undefined>;

const DOCKER_HUB = 'docker.io';
/** Under which the client keeps those of the Docker Hub. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

interface ClientConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/**
 * The credentials that `docker login` left: in config.json, or with the helper that it names.
 *
 * @see docker login, "Credential stores", "Credential helper protocol"
 * @throws EngineError CREDENTIALS_UNREADABLE  by what it returns
 * @example
 * const findCredentials = findClientCredentials({ environment: {}, homeDirectory: '/no/such/folder' });
 * await findCredentials('ghcr.io') // undefined
 */
export function findClientCredentials(sources: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
}): FindCredentials {
  const { environment, homeDirectory } = sources;
  const file = join(environment.DOCKER_CONFIG || join(homeDirectory, '.docker'), 'config.json');
  return async (registry) => {
    const config = await readConfig(file);
    const key = registry === DOCKER_HUB ? DOCKER_HUB_KEY : registry;
    const helper = config.credHelpers?.[registry] ?? config.credHelpers?.[key] ?? config.credsStore;
    if (helper) return await askHelper(helper, key, environment);
    const [, stored] = Object.entries(config.auths ?? {}).find(([name]) => sameRegistry(name, key)) ?? [];
    if (stored === undefined) return undefined;
    if (stored.identitytoken) return { identitytoken: stored.identitytoken, serveraddress: key };
    const plain = Buffer.from(stored.auth ?? '', 'base64').toString('utf8');
    const at = plain.indexOf(':');
    if (at < 0) return undefined;
    return { username: plain.slice(0, at), password: plain.slice(at + 1), serveraddress: key };
  };
}

/**
 * The registry that a reference names.
 *
 * @param repository  as `parseImageReference` gives it
 * @see distribution/reference, "splitDockerDomain"
 */
export function registryOf(repository: string): string {
  const [first = '', ...rest] = repository.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : DOCKER_HUB;
}

/** Older clients wrote addresses with scheme and path. */
function sameRegistry(name: string, key: string): boolean {
  const host = (text: string) => text.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return name === key || host(name) === host(key);
}

async function readConfig(file: string): Promise<ClientConfig> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ClientConfig;
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new EngineError('CREDENTIALS_UNREADABLE', `${file} is not JSON`, {
        hint: "It holds what 'docker login' wrote; mend it, or point DOCKER_CONFIG at another folder.",
      });
    return {};
  }
}

/** The name under which a helper keeps a token in place of a password. */
const TOKEN_USER = '<token>';

async function askHelper(
  helper: string,
  serveraddress: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RegistryCredentials | undefined> {
  const program = `docker-credential-${helper}`;
  const answer = await new Promise<{ status: number | null; text: string }>((resolve, reject) => {
    const child = spawn(program, ['get'], { stdio: ['pipe', 'pipe', 'ignore'], env: { ...environment } });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    child.stdin.on('error', () => {});
    child.stdin.end(serveraddress);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, text }));
  }).catch((cause: Error) => {
    throw new EngineError('CREDENTIALS_UNREADABLE', `cannot run ${program}: ${cause.message}`, {
      hint: `config.json of the docker client names it for ${serveraddress}: install it, or log in without it.`,
      cause,
    });
  });
  if (/credentials not found/i.test(answer.text)) return undefined;
  if (answer.status !== 0)
    throw new EngineError(
      'CREDENTIALS_UNREADABLE',
      `${program} failed for ${serveraddress}: ${answer.text.trim()}`,
    );
  const { Username, Secret } = JSON.parse(answer.text) as { Username: string; Secret: string };
  if (Username === TOKEN_USER) return { identitytoken: Secret, serveraddress };
  return { username: Username, password: Secret, serveraddress };
}
