import { authorizedFetch } from './authorized-fetch.js';
import { type FindCredentials, registryOf } from './registry-credentials.js';

/** One repository of a registry, asked by HTTP. */
export interface Repository {
  /** HOST[:PORT] */
  readonly registry: string;
  /** Of what is below: an URL without a slash at its end. */
  readonly url: string;
  /**
   * Ask; credentials are shown once the registry asks for them.
   *
   * @throws Error  of `fetch`, when there is no answer
   */
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

/**
 * Open a repository of a registry. Nothing is asked yet.
 *
 * @param repository  as `parseTagReference` gives it
 * @throws EngineError CREDENTIALS_UNREADABLE
 * @see OCI distribution specification 1.1
 * @example (await openRepository('localhost:5000/a/b')).url // 'http://localhost:5000/v2/a/b'
 */
export async function openRepository(
  repository: string,
  findCredentials?: FindCredentials,
): Promise<Repository> {
  const registry = registryOf(repository);
  const url = `${addressOf(registry)}/v2/${pathOf(repository, registry)}`;
  return { registry, url, fetch: authorizedFetch(await findCredentials?.(registry)) };
}

/** As engines do: registries of this machine need no certificate. */
function addressOf(registry: string): string {
  const isLocal = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/.test(registry);
  return `${isLocal ? 'http' : 'https'}://${registry === 'docker.io' ? 'registry-1.docker.io' : registry}`;
}

function pathOf(repository: string, registry: string): string {
  const path = repository.startsWith(`${registry}/`) ? repository.slice(registry.length + 1) : repository;
  return registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
}
