/** A request of the Docker API that a recording looks at; `reference` is a name or an id, as the client wrote it. */
export type Endpoint =
  | { readonly kind: 'create'; readonly name: string | undefined }
  | { readonly kind: 'list' }
  | { readonly kind: 'events' }
  | { readonly kind: 'commit'; readonly reference: string }
  | {
      readonly kind: 'inspect' | 'start' | 'end' | 'top' | 'changes' | 'create exec';
      readonly reference: string;
    }
  | { readonly kind: 'inspect exec' | 'start exec'; readonly reference: string }
  | { readonly kind: "create by Podman's own API" };

type Row = readonly [
  method: string,
  path: RegExp,
  toEndpoint: (reference: string, query: URLSearchParams) => Endpoint | undefined,
];

/** Signals that a client sends to have a container end: others may tell a program to go on otherwise. */
const ENDING = /^(?:SIG)?(?:KILL|TERM|INT|QUIT)$|^(?:2|3|9|15)$/i;

const ROWS: readonly Row[] = [
  [
    'POST',
    /^\/containers\/create$/,
    (_, query) => ({ kind: 'create', name: query.get('name') ?? undefined }),
  ],
  ['GET', /^\/containers\/json$/, () => ({ kind: 'list' })],
  ['GET', /^\/events$/, () => ({ kind: 'events' })],
  ['POST', /^\/commit$/, (_, query) => ({ kind: 'commit', reference: query.get('container') ?? '' })],
  ['GET', /^\/containers\/([^/]+)\/json$/, (reference) => ({ kind: 'inspect', reference })],
  ['POST', /^\/containers\/([^/]+)\/(?:start|restart)$/, (reference) => ({ kind: 'start', reference })],
  ['POST', /^\/containers\/([^/]+)\/stop$/, (reference) => ({ kind: 'end', reference })],
  [
    'POST',
    /^\/containers\/([^/]+)\/kill$/,
    (reference, query) =>
      ENDING.test(query.get('signal') || 'KILL') ? { kind: 'end', reference } : undefined,
  ],
  [
    'DELETE',
    /^\/containers\/([^/]+)$/,
    (reference, query) =>
      /^(?:1|true)$/i.test(query.get('force') ?? '') ? { kind: 'end', reference } : undefined,
  ],
  ['GET', /^\/containers\/([^/]+)\/top$/, (reference) => ({ kind: 'top', reference })],
  ['GET', /^\/containers\/([^/]+)\/changes$/, (reference) => ({ kind: 'changes', reference })],
  ['POST', /^\/containers\/([^/]+)\/exec$/, (reference) => ({ kind: 'create exec', reference })],
  ['GET', /^\/exec\/([^/]+)\/json$/, (reference) => ({ kind: 'inspect exec', reference })],
  ['POST', /^\/exec\/([^/]+)\/start$/, (reference) => ({ kind: 'start exec', reference })],
  ['POST', /^\/libpod\/containers\/create$/, () => ({ kind: "create by Podman's own API" })],
];

/**
 * Which of the requests that are looked at this one is. The version of the API is passed over.
 *
 * @param target  path and query, as they stand in the request
 * @returns undefined for every other request: it passes untouched
 * @see Docker Engine API
 * @example toEndpoint('GET', '/v1.41/containers/db/json') // { kind: 'inspect', reference: 'db' }
 */
export function toEndpoint(method: string, target: string): Endpoint | undefined {
  const [path = '', query = ''] = target.split('?');
  const known = path.replace(/^\/v\d+(?:\.\d+)*(?=\/)/, '');
  for (const [ofMethod, pattern, toValue] of ROWS) {
    const match = ofMethod === method ? pattern.exec(known) : null;
    if (match !== null) return toValue(decode(match[1] ?? ''), new URLSearchParams(query));
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
