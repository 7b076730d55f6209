import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Certificates } from './registry-certificates.js';

export interface HttpRequest {
  /** Default GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: OutgoingHttpHeaders;
  /** A stream is opened anew each time it is sent, and has as many bytes as the header content-length says. */
  readonly body?: string | Uint8Array | (() => AsyncIterable<Uint8Array>);
}

/** Sends requests; connections are used again. */
export type SendRequest = (url: URL, request?: HttpRequest) => Promise<IncomingMessage>;

/** Without a byte for so long, nobody is there. A registry that hashes some gigabytes says nothing meanwhile. */
const SILENCE_MS_MAX = 5 * 60 * 1000;
const REDIRECTS_MAX = 5;

/**
 * @param options.isVerified  whether somebody must vouch for certificates
 * @throws Error  by what it returns: of node:http, node:tls
 */
export function requestSender(options: {
  readonly certificates: Certificates;
  readonly isVerified: boolean;
  readonly signal: AbortSignal | undefined;
}): SendRequest {
  const { certificates, isVerified, signal } = options;
  const { ca, cert, key } = certificates;
  const agents = {
    'http:': new http.Agent({ keepAlive: true }),
    'https:': new https.Agent({
      keepAlive: true,
      rejectUnauthorized: isVerified,
      ...(ca && { ca: [...ca] }),
      ...(cert && key && { cert: [...cert], key: [...key] }),
    }),
  };

  function send(url: URL, { method = 'GET', headers = {}, body }: HttpRequest): Promise<IncomingMessage> {
    const isSecure = url.protocol === 'https:';
    const agent = agents[isSecure ? 'https:' : 'http:'];
    return new Promise((resolve, reject) => {
      const { request } = isSecure ? https : http;
      const sent = request(url, {
        method,
        headers,
        agent,
        timeout: SILENCE_MS_MAX,
        ...(signal && { signal }),
      });
      sent.on('response', resolve);
      sent.on('error', reject);
      sent.on('timeout', () =>
        sent.destroy(new Error(`nothing was heard for ${SILENCE_MS_MAX / 1000} seconds`)),
      );
      if (typeof body === 'function') pipeline(Readable.from(withFault(body())), sent).catch(reject);
      else sent.end(body);
    });
  }

  return async (url, request = {}) => {
    let [to, asked] = [url, request];
    for (let redirects = 0; ; redirects++) {
      const answer = await send(to, asked);
      const next = redirects < REDIRECTS_MAX ? redirectOf(answer, to, asked) : undefined;
      if (next === undefined) return answer;
      answer.resume();
      asked = { ...asked, headers: headersFor(next, to, asked.headers) };
      to = next;
    }
  };
}

/** What is shown to one host is not for another, and what is shown over TLS is not for whoever listens. */
export function headersFor(to: URL, from: URL, headers: OutgoingHttpHeaders = {}): OutgoingHttpHeaders {
  const isSafe = to.host === from.host && (to.protocol === 'https:' || from.protocol === to.protocol);
  const { authorization, ...others } = headers;
  return isSafe ? headers : others;
}

/** That it was not the registry that failed, but what was to be sent. */
export class BodyFault extends Error {}

async function* withFault(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw new BodyFault('what was to be sent cannot be read', { cause });
  }
}

/** Of a request without a body: registries send those who read to where their blobs lie. */
function redirectOf(
  { statusCode = 0, headers: { location } }: IncomingMessage,
  from: URL,
  { method = 'GET' }: HttpRequest,
): URL | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  if (!isRead || ![301, 302, 303, 307, 308].includes(statusCode) || location === undefined) return undefined;
  return toWebAddress(location, from);
}

/** @returns undefined where it is none of HTTP */
export function toWebAddress(text: string, base?: URL): URL | undefined {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url : undefined;
}
