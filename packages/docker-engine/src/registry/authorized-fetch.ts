import type { RegistryCredentials } from './registry-credentials.js';

/**
 * Requests that show the credentials once the registry asks for them, and from then on.
 *
 * @throws Error  by what it returns: of `fetch`, when there is no answer
 */
export function authorizedFetch(
  credentials: RegistryCredentials | undefined,
): (url: string, init?: RequestInit) => Promise<Response> {
  let authorization: string | undefined;
  return async (url, init = {}) => {
    const send = () =>
      fetch(url, {
        ...init,
        headers: { ...init.headers, ...(authorization !== undefined && { authorization }) },
      });
    const answer = await send();
    if (answer.status !== 401) return answer;
    authorization = await authorize(answer.headers.get('www-authenticate') ?? '', credentials);
    return authorization === undefined ? answer : await send();
  };
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
