import { EngineError } from './engine-error.js';
import { type FindCredentials, type RegistryCredentials, registryOf } from './registry-credentials.js';

/** One repository of a registry, for what no engine sends: small texts that belong to an image. */
export interface Registry {
  /** Undefined where it has no such manifest. */
  getManifest(reference: string): Promise<StoredManifest | undefined>;
  /** @param digest  sha256:… of the content */
  putBlob(digest: string, content: string): Promise<void>;
  /** @returns whether the registry took notice of its `subject`, and lists it there */
  putManifest(reference: string, mediaType: string, content: string): Promise<boolean>;
}

/** A manifest as a registry has it. */
interface StoredManifest {
  readonly mediaType: string;
  /** Byte for byte. */
  readonly content: string;
}

const ACCEPTED = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/**
 * @param repository  as `parseTagReference` gives it
 * @throws EngineError PUSH_FAILED, CREDENTIALS_UNREADABLE  also by what it returns
 * @see OCI distribution specification 1.1
 */
export async function openRegistry(repository: string, findCredentials?: FindCredentials): Promise<Registry> {
  const name = registryOf(repository);
  const credentials = await findCredentials?.(name);
  const base = `${addressOf(name)}/v2/${pathOf(repository, name)}`;
  let authorization: string | undefined;

  async function ask(url: string, init: RequestInit = {}): Promise<Response> {
    const send = () =>
      fetch(url, {
        ...init,
        headers: { ...init.headers, ...(authorization !== undefined && { authorization }) },
      });
    try {
      const answer = await send();
      if (answer.status !== 401) return answer;
      authorization = await authorize(answer.headers.get('www-authenticate') ?? '', credentials);
      return authorization === undefined ? answer : await send();
    } catch (cause) {
      throw failed(`no answer (${String((cause as Error).cause ?? cause)})`, cause);
    }
  }

  function failed(why: string, cause?: unknown): EngineError {
    return new EngineError('PUSH_FAILED', `cannot attach to ${repository}: ${why}`, {
      hint: `Check that ${name} can be reached and that you are logged in (docker login).`,
      cause,
    });
  }

  async function require(answer: Response, what: string): Promise<Response> {
    if (answer.ok) return answer;
    const text = (await answer.text()).replace(/\s+/g, ' ').slice(0, 200);
    throw failed(`${what}: ${answer.status} ${text}`);
  }

  return {
    async getManifest(reference) {
      const answer = await ask(`${base}/manifests/${reference}`, {
        headers: { accept: ACCEPTED.join(', ') },
      });
      if (answer.status === 404) return undefined;
      await require(answer, `manifest ${reference}`);
      return {
        mediaType: answer.headers.get('content-type') ?? ACCEPTED[0] ?? '',
        content: await answer.text(),
      };
    },

    async putBlob(digest, content) {
      if ((await ask(`${base}/blobs/${digest}`, { method: 'HEAD' })).ok) return;
      const begun = await require(await ask(`${base}/blobs/uploads/`, { method: 'POST' }), 'an upload');
      const url = new URL(begun.headers.get('location') ?? '', `${base}/`);
      url.searchParams.set('digest', digest);
      const headers = { 'content-type': 'application/octet-stream' };
      await require(await ask(url.href, { method: 'PUT', body: content, headers }), `blob ${digest}`);
    },

    async putManifest(reference, mediaType, content) {
      const init = { method: 'PUT', body: content, headers: { 'content-type': mediaType } };
      const answer = await require(await ask(
        `${base}/manifests/${reference}`,
        init,
      ), `manifest ${reference}`);
      return answer.headers.has('oci-subject');
    },
  };
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

/**
 * What a registry's challenge asks for.
 *
 * @returns the header's value; undefined where there is nothing to show
 * @see RFC 7617; distribution, "Token Authentication Specification", "OAuth2 Token Authentication"
 */
async function authorize(
  challenge: string,
  credentials: RegistryCredentials | undefined,
): Promise<string | undefined> {
  const { username, password, identitytoken } = credentials ?? {};
  const basic =
    username === undefined
      ? undefined
      : `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
  if (!/^bearer /i.test(challenge)) return basic;
  const asked = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const [realm = '', service = '', scope = ''] = ['realm', 'service', 'scope'].map((key) => asked.get(key));
  const answer =
    identitytoken === undefined
      ? await fetch(`${realm}?${new URLSearchParams({ service, scope })}`, {
          headers: basic === undefined ? {} : { authorization: basic },
        })
      : await fetch(realm, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'refresh_token',
            client_id: 'keepset',
            refresh_token: identitytoken,
            service,
            scope,
          }),
        });
  if (!answer.ok) return undefined;
  const { token, access_token: access } = (await answer.json()) as { token?: string; access_token?: string };
  const granted = token ?? access;
  return granted === undefined ? undefined : `Bearer ${granted}`;
}
