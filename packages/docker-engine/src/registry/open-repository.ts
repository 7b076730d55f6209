import type { IncomingMessage } from 'node:http';
import { gatherAnswer } from './gather-answer.js';
import { openHost, type RegistryHost } from './open-host.js';
import { patiently } from './patiently.js';
import type { RegistryAccess } from './registry-access.js';
import { registryOf } from './registry-credentials.js';
import { badAnswer, noAnswer, waitMsOf } from './registry-fault.js';
import { toWebAddress } from './send-request.js';

/** One repository of a registry: reads and writes manifests and blobs. */
export interface Repository {
  /** HOST[:PORT] */
  readonly registry: string;
  /** With the registry, as it was opened. */
  readonly name: string;
  /** @returns undefined where it has no such manifest */
  getManifest(reference: string): Promise<StoredManifest | undefined>;
  /**
   * @param mediaType  as the manifest itself says
   * @returns whether the registry took notice of its `subject`, and lists it there
   */
  putManifest(reference: string, mediaType: string, content: string | Uint8Array): Promise<boolean>;
  /**
   * The index of what refers to a manifest, as the registry lists it, or as clients list it by a tag where the registry
   * knows no referrers.
   *
   * @returns undefined where there is no such list
   */
  getReferrers(digest: string): Promise<StoredManifest | undefined>;
  /**
   * The bytes of a blob, from front to end; a connection that is lost is taken up where it was. Nobody has looked at
   * them.
   *
   * @param range  those of it alone, of a blob that has them; default: all
   */
  readBlob(digest: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  hasBlob(digest: string): Promise<boolean>;
  /**
   * Find out whether who asks may write, before there is something to write: an upload is begun, and taken back.
   */
  requireWritable(): Promise<void>;
  /**
   * Send a blob, unless it is there, or in another repository of the registry.
   *
   * @param mountFrom  repositories, with their registries, that may have it; those of other registries are passed over
   */
  putBlob(blob: SentBlob, mountFrom?: readonly string[]): Promise<'there' | 'mounted' | 'sent'>;
}

/** A part of a blob. */
export interface ByteRange {
  /** Of the first byte, from 0. */
  readonly start: number;
  /** Behind the last. */
  readonly end: number;
}

/** A manifest as a registry has it. */
export interface StoredManifest {
  readonly mediaType: string;
  /** Byte for byte. */
  readonly content: Buffer;
}

/** A blob that is to be sent. */
export interface SentBlob {
  /** sha256:… */
  readonly digest: string;
  readonly sizeBytes: number;
  /** Opened anew each time it is sent. */
  readonly content: () => AsyncIterable<Uint8Array>;
}

const ACCEPTED = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * Open a repository of a registry. Nothing is asked yet.
 *
 * @param name  as `parseTagReference` gives it
 * @throws EngineError  by what it returns: REGISTRY_UNREACHABLE  no answer
 * @throws EngineError REGISTRY_UNTRUSTED    nobody vouches for its certificate, or it speaks no TLS
 * @throws EngineError REGISTRY_REFUSED      it wants to know who asks, or does not allow it
 * @throws EngineError REGISTRY_FAILED       it is busy or broken, also when it was asked again
 * @throws EngineError REGISTRY_NOT_FOUND, REGISTRY_BAD_ANSWER, CREDENTIALS_UNREADABLE, INTERRUPTED
 * @see OCI distribution specification 1.1
 * @example openRepository('localhost:5000/a/b').registry // 'localhost:5000'
 */
export function openRepository(name: string, access: RegistryAccess = {}): Repository {
  const host = openHost(registryOf(name), access);
  const { registry } = host;
  const path = pathOf(name, registry);
  const again = <T>(action: () => Promise<T>) => patiently(access.signal, action);

  async function findBlob(digest: string, at = path, expected = [404]): Promise<boolean> {
    const request = { what: `blob ${digest} of ${name}`, method: 'HEAD', expected } as const;
    return isSuccess(await drained(host.askOnce(`${at}/blobs/${digest}`, request)));
  }

  async function findMounted(digest: string, names: readonly string[]): Promise<string | undefined> {
    for (const other of names)
      if (registryOf(other) === registry && other !== name) {
        const from = pathOf(other, registry);
        if (await findBlob(digest, from, [401, 403, 404])) return from;
      }
    return undefined;
  }

  const getManifest = (reference: string) =>
    getDocument(`manifests/${reference}`, `manifest ${reference} of ${name}`);

  function getDocument(place: string, what: string): Promise<StoredManifest | undefined> {
    return again(async () => {
      const request = { what, headers: { accept: ACCEPTED }, expected: [404] };
      const answer = await host.askOnce(`${path}/${place}`, request);
      if (answer.statusCode === 404) return await drained(answer).then(() => undefined);
      const content = await gatherAnswer(answer, host.registry, what);
      return { mediaType: mediaTypeOf(answer.headers['content-type']), content };
    });
  }

  function begin(query: string): Promise<IncomingMessage> {
    const request = { what: `upload to ${name}`, method: 'POST' } as const;
    return drained(host.askOnce(`${path}/blobs/uploads/${query}`, request));
  }

  return {
    registry,
    name,

    getManifest,

    async getReferrers(digest) {
      const listed = await getDocument(`referrers/${digest}`, `list of what refers to ${digest} in ${name}`);
      return listed ?? (await getManifest(digest.replace(':', '-')));
    },

    async putManifest(reference, mediaType, content) {
      const body = Buffer.from(content as string);
      const headers = { 'content-type': mediaType, 'content-length': body.length };
      const what = `manifest ${reference} of ${name}`;
      const request = { what, method: 'PUT', headers, body } as const;
      const answer = await drained(host.ask(`${path}/manifests/${reference}`, request));
      return answer.headers['oci-subject'] !== undefined;
    },

    async *readBlob(digest, { start, end } = { start: 0, end: Number.POSITIVE_INFINITY }) {
      const what = `blob ${digest} of ${name}`;
      let received = start;
      for (let lost = 0; ; lost++) {
        const last = Number.isFinite(end) ? end - 1 : '';
        const headers = received === 0 && last === '' ? {} : { range: `bytes=${received}-${last}` };
        const answer = await host.ask(`${path}/blobs/${digest}`, { what, headers });
        // It begins anew, or knows no ranges: what comes before is passed over, and what comes behind not waited for.
        let position = answer.statusCode === 206 ? received : 0;
        try {
          for await (const chunk of answer as AsyncIterable<Buffer>) {
            if (received >= end) return;
            const wanted = chunk.subarray(Math.max(0, received - position), end - position);
            position += chunk.length;
            if (wanted.length === 0) continue;
            received += wanted.length;
            yield wanted;
          }
          return;
        } catch (cause) {
          const error = noAnswer(registry, cause);
          if (waitMsOf(error, lost) === undefined) throw error;
        }
      }
    },

    hasBlob: (digest) => again(() => findBlob(digest)),

    async requireWritable() {
      await cancel(uploadOf(await again(() => begin('')), host), name, access);
    },

    async putBlob({ digest, sizeBytes, content }, mountFrom = []) {
      const what = `blob ${digest} of ${name}`;
      return await again(async () => {
        if (await findBlob(digest)) return 'there';
        const from = await findMounted(digest, mountFrom);
        const query = from === undefined ? '' : `?${new URLSearchParams({ mount: digest, from })}`;
        const begun = await begin(query);
        if (begun.statusCode === 201) return 'mounted';
        const upload = uploadOf(begun, host);
        try {
          const headers = { 'content-type': 'application/octet-stream', 'content-length': sizeBytes };
          const request = { what, method: 'PUT', headers, body: content } as const;
          await drained(host.askOnce(withDigest(upload, digest), request));
        } catch (error) {
          await cancel(upload, name, access);
          throw error;
        }
        return 'sent';
      });
    },
  };
}

/** What was begun and not ended would lie at the registry; also when it is the signal that ended it. */
async function cancel(upload: URL, name: string, access: RegistryAccess): Promise<void> {
  const host = openHost(registryOf(name), { ...access, signal: AbortSignal.timeout(CANCEL_MS_MAX) });
  const request = { what: `upload to ${name}`, method: 'DELETE' } as const;
  await drained(host.askOnce(upload, request)).catch(() => {});
}

const CANCEL_MS_MAX = 5 * 1000;

function uploadOf({ headers: { location } }: IncomingMessage, { registry }: RegistryHost): URL {
  const upload = toWebAddress(location ?? '', new URL(`http://${registry}`));
  if (location === undefined || upload === undefined)
    throw badAnswer(registry, 'no place for what it is sent');
  return upload;
}

/** What the registry put there stays as it is, byte for byte. */
function withDigest(upload: URL, digest: string): URL {
  return new URL(`${upload.href}${upload.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`);
}

/** What nobody reads holds up its connection. */
async function drained(asked: IncomingMessage | Promise<IncomingMessage>): Promise<IncomingMessage> {
  const answer = await asked;
  answer.resume();
  return answer;
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/** Without parameters: `application/json; charset=utf-8`. */
function mediaTypeOf(header = ''): string {
  return header.replace(/;.*$/s, '').trim();
}

function pathOf(name: string, registry: string): string {
  const path = name.startsWith(`${registry}/`) ? name.slice(registry.length + 1) : name;
  return registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
}
