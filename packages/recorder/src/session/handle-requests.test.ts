import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { type HandlerContext, handleRequests } from './handle-requests.js';

it.each([
  ['POST', '/v1.41/containers/create?name=a', true],
  ['POST', '/containers/a/start', true],
  ['POST', '/containers/a/exec', true],
  ['GET', '/containers/a/json', true],
  ['POST', '/exec/a/start', false],
  ['POST', '/containers/a/attach', false],
  ['POST', '/session', false],
])('%s %s stays plain, whatever its client offers: %s', (method, url, expected) => {
  const { staysPlain } = handleRequests({} as HandlerContext);
  expect(staysPlain?.({ method, url } as IncomingMessage)).toBe(expected);
});
