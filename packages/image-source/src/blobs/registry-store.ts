import { setTimeout as sleep } from 'node:timers/promises';
import type { Repository } from '@keepset/docker-engine';
import { SourceError } from '../source-error.js';
import type { BlobStore } from './blob-store.js';

const ACCEPTED = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** After an answer that says that another may be better: too many requests, a fault of the server's. */
const RETRIES = 3;
const RETRY_MS = 1000;
const RETRY_MS_MAX = 30 * 1000;

/**
 * The blobs and manifests of a repository.
 *
 * @param place  for messages: its name
 * @see OCI distribution specification, "Pulling manifests", "Pulling blobs"
 */
export function registryStore({ registry, url, fetch }: Repository, place: string): BlobStore {
  async function* get(
    path: string,
    what: string,
    headers: Record<string, string>,
  ): AsyncGenerator<Uint8Array> {
    for (let tried = 0; ; tried++) {
      const answer = await fetch(`${url}/${path}`, { headers }).catch((cause: Error) => {
        throw noAnswer(cause);
      });
      if (answer.ok && answer.body !== null) {
        yield* withReason(answer.body);
        return;
      }
      await answer.body?.cancel();
      const mayBeBetter = answer.status === 429 || answer.status >= 500;
      if (!mayBeBetter || tried === RETRIES) throw refused(answer.status, what);
      const asked = Number(answer.headers.get('retry-after') ?? Number.NaN) * 1000;
      await sleep(Math.min(RETRY_MS_MAX, Number.isNaN(asked) ? RETRY_MS * 2 ** tried : asked));
    }
  }

  async function* withReason(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (cause) {
      throw noAnswer(cause as Error);
    }
  }

  function noAnswer(cause: Error): SourceError {
    return new SourceError(
      'SOURCE_UNREACHABLE',
      `the registry ${registry} does not answer, or stops (${reasonOf(cause)})`,
      { hint: 'Check its name, and that it can be reached from here.', cause },
    );
  }

  function refused(status: number, what: string): SourceError {
    if (status === 404) return new SourceError('SOURCE_NOT_FOUND', `${registry} has no ${what} of ${place}`);
    const isForbidden = status === 401 || status === 403;
    return new SourceError(
      'SOURCE_UNREACHABLE',
      `${registry} answers ${status} for the ${what} of ${place}`,
      {
        hint: isForbidden
          ? `Log in (docker login ${registry}); a name that is not there is refused in the same way.`
          : 'Try again later.',
      },
    );
  }

  return {
    place,
    read: (name) => get(`blobs/${name}`, `blob ${name}`, {}),
    readManifest: (name) => get(`manifests/${name}`, `manifest ${name}`, { accept: ACCEPTED }),
    async [Symbol.asyncDispose]() {},
  };
}

function reasonOf({ cause, message }: Error): string {
  const { code, message: below } = (cause ?? {}) as { code?: string; message?: string };
  return code ?? below ?? message;
}
