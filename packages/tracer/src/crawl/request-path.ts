/** Names by which a server in a container knows the one who asks it: the Host that is sent, and what means the same. */
const OWN_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '0.0.0.0']);

/**
 * What is to be asked of a server for a reference in one of its answers.
 *
 * @param path  by which the answer was asked for
 * @param port  of the container
 * @param base  of `<base href>`, if there is one
 * @returns a path with its query, without its fragment; undefined where it leads elsewhere, or makes no sense
 * @see URL Standard, "URL parsing"
 * @example requestPath('../b.css?1#x', { path: '/a/c/', port: 80, base: undefined }) // '/a/b.css?1'
 */
export function requestPath(
  reference: string,
  { path, port, base }: { readonly path: string; readonly port: number; readonly base: string | undefined },
): string | undefined {
  const origin = 'http://localhost';
  const page = parse(path, origin)?.href ?? origin;
  const from = base === undefined ? page : (parse(base, page)?.href ?? page);
  const url = parse(reference, from);
  if (url === undefined || url.protocol !== 'http:' || !OWN_HOSTS.has(url.hostname)) return undefined;
  // Without a port it is the one of Host, which names none.
  if (url.port !== '' && Number(url.port) !== port) return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  return url.pathname + url.search;
}

function parse(reference: string, base: string): URL | undefined {
  return URL.canParse(reference, base) ? new URL(reference, base) : undefined;
}
