import type { IncomingMessage } from 'node:http';
import { EngineError, toEngineError } from '../engine-error.js';
import { BodyFault } from './send-request.js';

const UNTRUSTED =
  /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|^CERT_|ERR_TLS_CERT_ALTNAME_INVALID|^HOSTNAME_MISMATCH/;
/** TLS was spoken to somebody who speaks something else. */
const NO_TLS = /^EPROTO$|^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)/;
/** A connection that was there. */
const DROPPED = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/**
 * @param error  of node:http or node:tls, or one that was made here
 * @returns an EngineError; of a body that could not be read, what that threw
 */
export function noAnswer(registry: string, error: unknown): Error {
  if (error instanceof EngineError) return error;
  if (error instanceof BodyFault) return error.cause as Error;
  const cause = error as NodeJS.ErrnoException;
  if (cause.name === 'AbortError') return toEngineError(cause, '');
  const code = cause.code ?? '';
  const facts = { registry };
  if (UNTRUSTED.test(code))
    return new EngineError(
      'REGISTRY_UNTRUSTED',
      `the certificate of the registry ${registry} is not trusted (${cause.message.replace(/;.*$/s, '')})`,
      {
        facts,
        hint: `Put the certificate of its authority into /etc/docker/certs.d/${registry}/ca.crt.`,
        cause,
      },
    );
  if (NO_TLS.test(code))
    return new EngineError('REGISTRY_UNTRUSTED', `the registry ${registry} does not speak TLS`, {
      facts,
      hint: 'Whoever is on the way can read and change what it sends.',
      cause,
    });
  return new EngineError(
    'REGISTRY_UNREACHABLE',
    `the registry ${registry} does not answer, or stops (${code || cause.message})`,
    {
      facts: { ...facts, ...(DROPPED.has(code) && { waitMs: 0 }) },
      hint: 'Check its name, and that it can be reached from here.',
      cause,
    },
  );
}

/**
 * An answer that is none of those that were hoped for; it is read.
 *
 * @param what  manifest 1.0 of NAME
 */
export async function refused(registry: string, answer: IncomingMessage, what: string): Promise<EngineError> {
  const { statusCode: status = 0, headers } = answer;
  const sentence = await sentenceOf(answer);
  const facts = { registry, status };
  if (status === 404) return new EngineError('REGISTRY_NOT_FOUND', `${registry} has no ${what}`, { facts });
  const message = `${registry} answers ${status} for the ${what}${sentence === '' ? '' : `: ${sentence}`}`;
  if (status === 401 || status === 403)
    return new EngineError('REGISTRY_REFUSED', message, {
      facts,
      hint: `Log in (docker login ${registry}); a name that is not there is refused in the same way.`,
    });
  if (status !== 429 && status < 500) return new EngineError('REGISTRY_FAILED', message, { facts });
  const waitMs = toMilliseconds(headers['retry-after']);
  return new EngineError('REGISTRY_FAILED', message, {
    facts: { ...facts, waitMs: waitMs ?? -1 },
    hint: 'Try again later.',
  });
}

/** An answer that nobody can do anything with. */
export function badAnswer(registry: string, what: string): EngineError {
  return new EngineError('REGISTRY_BAD_ANSWER', `${registry} answers with ${what}`, {
    facts: { registry },
    hint: 'Check that a registry is there.',
  });
}

/** Seconds, or a date. @see RFC 9110, "Retry-After" */
function toMilliseconds(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

const SENTENCE_MAX = 200;
const ERROR_BYTES_MAX = 64 * 1024;

/** @see OCI distribution specification, "Error Codes" */
async function sentenceOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of answer) {
      text += chunk;
      if (text.length > ERROR_BYTES_MAX) break;
    }
    const { errors } = JSON.parse(text) as { errors?: readonly { code?: unknown; message?: unknown }[] };
    const [first] = errors ?? [];
    return String(first?.message ?? first?.code ?? '').slice(0, SENTENCE_MAX);
  } catch {
    return '';
  }
}

/** After an answer that says that another may be better: too many requests, a fault of the server's, a lost connection. */
const RETRIES = 3;
const RETRY_MS = 1000;
const RETRY_MS_MAX = 30 * 1000;

/** @returns how long to wait before asking again; undefined where that makes no sense */
export function waitMsOf(error: unknown, tried: number): number | undefined {
  const waitMs = error instanceof EngineError ? error.facts.waitMs : undefined;
  if (typeof waitMs !== 'number' || tried >= RETRIES) return undefined;
  return Math.min(RETRY_MS_MAX, waitMs < 0 ? RETRY_MS * 2 ** tried : waitMs);
}
