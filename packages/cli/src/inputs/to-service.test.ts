import { describe, expect, it } from 'vitest';
import { SERVICE_OPTIONS } from '../options/service-options.js';
import { valuesOf } from '../options/values-of.test-helper.js';
import { toService } from './to-service.js';

describe('options of a service', () => {
  it.each<[string, Parameters<typeof valuesOf>[1], object | undefined]>([
    ['no option', {}, undefined],
    ['only what is said of HEALTHCHECK', { healthcheck: false }, undefined],
    ['a request', { http: ['/'] }, { ready: [], steps: [{ kind: 'http', method: 'GET', path: '/' }] }],
    [
      'requests in full',
      { http: ['post :8080/a?b=c=201', 'HEAD /x'] },
      {
        ready: [],
        steps: [
          { kind: 'http', method: 'POST', port: 8080, path: '/a?b=c', status: 201 },
          { kind: 'http', method: 'HEAD', path: '/x' },
        ],
      },
    ],
    [
      'each kind of sign',
      { ready: ['port=80', 'http=/up', 'log=^Ready .*=1$', 'healthy', 'seconds=0.5'] },
      {
        ready: [
          { kind: 'port', ports: [80] },
          { kind: 'http', method: 'GET', path: '/up' },
          { kind: 'log', pattern: /^Ready .*=1$/ },
          { kind: 'healthy' },
          { kind: 'seconds', seconds: 0.5 },
        ],
        steps: [],
      },
    ],
    [
      'commands, requests before those inside before those here',
      { probe: ['a | b'], exec: ["psql -c 'select 1'"], http: ['/'] },
      {
        ready: [],
        steps: [
          { kind: 'http', method: 'GET', path: '/' },
          { kind: 'exec', command: ['psql', '-c', 'select 1'] },
          { kind: 'probe', command: 'a | b' },
        ],
      },
    ],
    [
      'requests without a port, to the one that is awaited',
      { ready: ['port=8000'], http: ['/', ':9000/'] },
      {
        ready: [{ kind: 'port', ports: [8000] }],
        steps: [
          { kind: 'http', method: 'GET', port: 8000, path: '/' },
          { kind: 'http', method: 'GET', port: 9000, path: '/' },
        ],
      },
    ],
    [
      'a crawl',
      { http: ['/'], crawl: '2' },
      { ready: [], steps: [{ kind: 'http', method: 'GET', path: '/' }], crawl: { depth: 2 } },
    ],
    [
      'limits',
      { http: ['/'], 'ready-timeout': '5', 'step-timeout': '6', 'stop-timeout': '0', healthcheck: false },
      {
        ready: [],
        steps: [{ kind: 'http', method: 'GET', path: '/' }],
        readySecondsMax: 5,
        stepSecondsMax: 6,
        graceSeconds: 0,
        healthCheck: false,
      },
    ],
  ])('%s', (_title, options, service) => {
    expect(toService(valuesOf(SERVICE_OPTIONS, options))).toEqual(service);
  });

  it.each<[Parameters<typeof valuesOf>[1], string]>([
    [{ http: ['index.html'] }, '--http index.html: not a request'],
    [{ http: [':0/'] }, "--http :0/: '0' is not a port"],
    [{ ready: ['port=http'] }, "--ready port=http: 'http' is not a port"],
    [{ ready: ['soon'] }, '--ready soon: not understood'],
    [{ ready: ['healthy=1'] }, '--ready healthy=1: not understood'],
    [
      { ready: ['log=('] },
      '--ready log=( cannot be read: Invalid regular expression: /(/: Unterminated group',
    ],
    [{ exec: ['a && b'] }, '--exec a && b: the command needs a shell, and is run without one'],
    [{ exec: [' '] }, '--exec: the command is empty'],
    [{ 'stop-timeout': '5' }, '--stop-timeout is for a service, and there is nothing to ask of one'],
    [{ crawl: '3' }, '--crawl has no page to begin at'],
    [{ crawl: '3', exec: ['true'] }, '--crawl has no page to begin at'],
    [{ http: ['/'], crawl: '-1' }, '--crawl -1: not a whole number from 0'],
    [{ http: ['/'], 'ready-timeout': 'x' }, '--ready-timeout x: not a whole number from 1'],
  ])('%j is refused', (options, message) => {
    expect(() => toService(valuesOf(SERVICE_OPTIONS, options))).toThrow(
      expect.objectContaining({ name: 'UsageError', message }),
    );
  });
});
