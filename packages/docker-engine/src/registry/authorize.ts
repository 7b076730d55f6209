import type { IncomingMessage } from 'node:http';
import type { RegistryCredentials } from './registry-credentials.js';
import { badAnswer, noAnswer, refused } from './registry-fault.js';
import { type SendRequest, toWebAddress } from './send-request.js';

/** A challenge of a registry, and who answers it. */
export interface Challenge {
  readonly registry: string;
  /** The header www-authenticate. */
  readonly text: string;
  readonly credentials: RegistryCredentials | undefined;
  /** What was asked for before is asked for again, so that one token is good for all. */
  readonly scopes: Set<string>;
  /** Whether the registry was asked with TLS. */
  readonly isSecure: boolean;
}

/**
 * What a registry's challenge asks for.
 *
 * @returns the header's value; undefined where there is nothing to show
 * @throws EngineError REGISTRY_UNREACHABLE, REGISTRY_FAILED, REGISTRY_BAD_ANSWER  of who gives the tokens
 * @see RFC 7617; distribution, "Token Authentication Specification", "OAuth2 Token Authentication"
 */
export async function authorize(challenge: Challenge, send: SendRequest): Promise<string | undefined> {
  const { registry, text, credentials = {}, scopes, isSecure } = challenge;
  const { username, password = '' } = credentials as Partial<RegistryCredentials>;
  const basic =
    username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const [, bearer] = /\bbearer\s+(.*)/is.exec(text) ?? [];
  if (bearer === undefined) return basic;
  const asked = new Map(
    [...bearer.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  );
  for (const scope of (asked.get('scope') ?? '').split(' ')) if (scope !== '') scopes.add(scope);
  const realm = asked.get('realm') ?? '';
  const url = toWebAddress(realm);
  if (url === undefined) return undefined;
  // What was asked for under the eyes of nobody is not to be told to everybody.
  if (isSecure && url.protocol !== 'https:')
    throw badAnswer(registry, `the address of a token service without TLS (${url.origin})`);
  const service = asked.get('service') ?? '';
  const answer = await askForToken(url, service, { credentials, basic, scopes }, send).catch((cause) => {
    throw noAnswer(url.host, cause);
  });
  const status = answer.statusCode ?? 0;
  if (status === 429 || status >= 500) throw await refused(url.host, answer, `token for ${registry}`);
  if (status >= 300) {
    answer.resume();
    return undefined;
  }
  return `Bearer ${await readToken(answer, url.host, registry)}`;
}

async function askForToken(
  url: URL,
  service: string,
  {
    credentials: { identitytoken },
    basic,
    scopes,
  }: {
    readonly credentials: Partial<RegistryCredentials>;
    readonly basic: string | undefined;
    readonly scopes: ReadonlySet<string>;
  },
  send: SendRequest,
): Promise<IncomingMessage> {
  if (identitytoken === undefined) {
    url.searchParams.set('service', service);
    for (const scope of scopes) url.searchParams.append('scope', scope);
    return await send(url, { headers: basic === undefined ? {} : { authorization: basic } });
  }
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'keepset',
    refresh_token: identitytoken,
    service,
    scope: [...scopes].join(' '),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return await send(url, { method: 'POST', headers, body: form.toString() });
}

/** Tokens are some thousand bytes. */
const TOKEN_BYTES_MAX = 1024 * 1024;

async function readToken(answer: IncomingMessage, service: string, registry: string): Promise<string> {
  const text = await readText(answer, service);
  try {
    const { token, access_token: access } = JSON.parse(text) as Record<string, unknown>;
    const granted = token ?? access;
    // Whatever else is no value of a header.
    if (typeof granted === 'string' && /^[\x21-\x7e]+$/.test(granted)) return granted;
  } catch {
    // No JSON, or null.
  }
  throw badAnswer(service, `something that is no token for the registry ${registry}`);
}

async function readText(answer: IncomingMessage, service: string): Promise<string> {
  let text = '';
  try {
    for await (const chunk of answer) {
      text += chunk;
      if (text.length > TOKEN_BYTES_MAX) break;
    }
  } catch (cause) {
    throw noAnswer(service, cause);
  }
  return text;
}
