import { EngineError } from '../engine-error.js';
import { openRepository } from './open-repository.js';
import type { FindCredentials } from './registry-credentials.js';

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
 * Open a repository of a registry. Nothing is asked yet.
 *
 * @param repository  as `parseTagReference` gives it
 * @throws EngineError PUSH_FAILED, CREDENTIALS_UNREADABLE  also by what it returns
 * @see OCI distribution specification 1.1
 */
export async function openRegistry(repository: string, findCredentials?: FindCredentials): Promise<Registry> {
  const { registry: name, url: base, fetch: send } = await openRepository(repository, findCredentials);

  const failed = (why: string, cause?: unknown) =>
    new EngineError('PUSH_FAILED', `cannot attach to ${repository}: ${why}`, {
      facts: { registry: name },
      hint: `Check that ${name} can be reached and that you are logged in (docker login).`,
      cause,
    });
  const ask = (url: string, init?: RequestInit) =>
    send(url, init).catch((cause: Error) => {
      throw failed(`no answer (${String(cause.cause ?? cause)})`, cause);
    });
  async function require(answer: Response, what: string): Promise<Response> {
    if (answer.ok) return answer;
    const text = (await answer.text()).replace(/\s+/g, ' ').slice(0, 200);
    throw failed(`${what}: ${answer.status} ${text}`);
  }

  return {
    async getManifest(reference) {
      const headers = { accept: ACCEPTED.join(', ') };
      const answer = await ask(`${base}/manifests/${reference}`, { headers });
      if (answer.status === 404) return undefined;
      await require(answer, `manifest ${reference}`);
      const mediaType = answer.headers.get('content-type') ?? ACCEPTED[0] ?? '';
      return { mediaType, content: await answer.text() };
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
      const answer = await ask(`${base}/manifests/${reference}`, init);
      await require(answer, `manifest ${reference}`);
      return answer.headers.has('oci-subject');
    },
  };
}
