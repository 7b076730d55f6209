import { expect, it } from 'vitest';
import { toEndpoint } from './endpoint.js';

it.each([
  ['POST', '/v1.41/containers/create?name=db&platform=', { kind: 'create', name: 'db' }],
  ['POST', '/containers/create', { kind: 'create', name: undefined }],
  ['GET', '/v1.24/containers/json?all=1', { kind: 'list' }],
  ['GET', '/v1.41/containers/abc/json?size=1', { kind: 'inspect', reference: 'abc' }],
  ['GET', '/containers/a%2Fb/json', { kind: 'inspect', reference: 'a/b' }],
  ['GET', '/containers/%E0/json', { kind: 'inspect', reference: '%E0' }],
  ['POST', '/v1/containers/abc/start', { kind: 'start', reference: 'abc' }],
  ['POST', '/v1.41/containers/abc/restart?t=0', { kind: 'start', reference: 'abc' }],
  ['POST', '/v1.41/containers/abc/stop?t=3', { kind: 'end', reference: 'abc' }],
  ['POST', '/v1.41/containers/abc/kill', { kind: 'end', reference: 'abc' }],
  ['POST', '/v1.41/containers/abc/kill?signal=SIGTERM', { kind: 'end', reference: 'abc' }],
  ['POST', '/v1.41/containers/abc/kill?signal=2', { kind: 'end', reference: 'abc' }],
  ['POST', '/v1.41/containers/abc/kill?signal=HUP', undefined],
  ['DELETE', '/v1.41/containers/abc?force=true&v=1', { kind: 'end', reference: 'abc' }],
  ['DELETE', '/v1.41/containers/abc?v=1', undefined],
  ['GET', '/v1.41/containers/abc/top?ps_args=aux', { kind: 'top', reference: 'abc' }],
  ['GET', '/v1.41/containers/abc/changes', { kind: 'changes', reference: 'abc' }],
  ['POST', '/v1.41/containers/abc/exec', { kind: 'create exec', reference: 'abc' }],
  ['GET', '/v1.41/exec/e1/json', { kind: 'inspect exec', reference: 'e1' }],
  ['GET', '/v1.41/events?since=1', { kind: 'events' }],
  ['POST', '/v1.41/commit?container=abc&repo=x', { kind: 'commit', reference: 'abc' }],
  ['POST', '/v4.3.1/libpod/containers/create', { kind: "create by Podman's own API" }],
  ['GET', '/v1.41/containers/create', undefined],
  ['DELETE', '/v1.41/containers/abc/json', undefined],
  ['GET', '/v1.41/images/json', undefined],
  ['GET', '/v1.41/containers/abc/logs?follow=1', undefined],
  ['POST', '/v1.41/build?t=x', undefined],
  ['GET', '/v1.41/volumes/containers/json', undefined],
  ['GET', '', undefined],
])('%s %s', (method, target, expected) => {
  expect(toEndpoint(method, target)).toEqual(expected);
});
