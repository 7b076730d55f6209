import { describe, expect, it } from 'vitest';
import {
  exposedPorts,
  healthCheckOf,
  isExpected,
  printReadiness,
  printStep,
  type Readiness,
  readinessOf,
  type ServiceStep,
} from './service.js';

const get = (path: string, more: object = {}): ServiceStep => ({
  kind: 'http',
  method: 'GET',
  path,
  ...more,
});
const exec: ServiceStep = { kind: 'exec', command: ['psql', '-c', 'select 1'] };
const EXPOSED = { ExposedPorts: { '8080/tcp': {}, '53/udp': {}, '443': {} } };

describe('what is awaited', () => {
  const cases: [string, Parameters<typeof readinessOf>, string[]][] = [
    [
      'what was asked for',
      [{ ready: [{ kind: 'seconds', seconds: 3 }], steps: [] }, EXPOSED, undefined],
      ['seconds=3'],
    ],
    [
      'the port of the first request',
      [{ ready: [], steps: [exec, get('/', { port: 81 })] }, EXPOSED, undefined],
      ['port=81'],
    ],
    [
      'the lowest exposed port, for a request without one',
      [{ ready: [], steps: [get('/')] }, EXPOSED, undefined],
      ['port=443'],
    ],
    ['port 80, where none is exposed', [{ ready: [], steps: [get('/')] }, {}, undefined], ['port=80']],
    ['any exposed TCP port', [{ ready: [], steps: [exec] }, EXPOSED, undefined], ['port=443 or 8080']],
    ['a second, where nothing can tell', [{ ready: [], steps: [exec] }, {}, undefined], ['seconds=1']],
    ['the HEALTHCHECK', [{ ready: [], steps: [get('/')] }, EXPOSED, ['x']], ['healthy']],
    [
      'the HEALTHCHECK last, whatever else',
      [{ ready: [{ kind: 'healthy' }, { kind: 'log', pattern: /up/ }], steps: [] }, {}, ['x']],
      ['log=up', 'healthy'],
    ],
  ];
  it.each(cases)('%s', (_title, [service, config, check], expected) => {
    expect(readinessOf(service, config, check).map(printReadiness)).toEqual(expected);
  });
});

describe('HEALTHCHECK', () => {
  it.each([
    ['none', {}, undefined],
    ['switched off', { Healthcheck: { Test: ['NONE'] } }, undefined],
    ['inherited', { Healthcheck: { Test: [] } }, undefined],
    ['words', { Healthcheck: { Test: ['CMD', 'curl', '-f', 'a b'] } }, ['curl', '-f', 'a b']],
    ['a line for the shell', { Healthcheck: { Test: ['CMD-SHELL', 'a | b'] } }, ['/bin/sh', '-c', 'a | b']],
    [
      "a line for the image's own shell",
      { Healthcheck: { Test: ['CMD-SHELL', 'a'] }, Shell: ['bash', '-ec'] },
      ['bash', '-ec', 'a'],
    ],
  ])('%s', (_title, config, command) => {
    expect(healthCheckOf(config)).toEqual(command);
  });
});

describe('steps', () => {
  it.each([
    [exec, 0, true],
    [exec, 1, false],
    [exec, undefined, false],
    [get('/'), 200, true],
    [get('/'), 302, true],
    [get('/'), 404, false],
    [get('/', { status: 404 }), 404, true],
    [get('/', { status: 404 }), 200, false],
  ])('%j that ends with %s: %s', (step, status, isGood) => {
    expect(isExpected({ step, status })).toBe(isGood);
  });

  it.each([
    [exec, "exec 'psql -c select 1'"],
    [get('/a?b', { port: 8080, status: 201 }), 'http GET :8080/a?b=201'],
    [{ kind: 'probe', command: 'curl $X' } as const, "probe 'curl $X'"],
  ])('%j is printed as %s', (step, text) => {
    expect(printStep(step)).toBe(text);
  });
});

it('exposed ports are those of TCP, ascending', () => {
  expect(exposedPorts(EXPOSED)).toEqual([443, 8080]);
});

it('an HTTP sign of readiness is printed with its request', () => {
  const ready: Readiness = { kind: 'http', method: 'GET', path: '/up' };
  expect(printReadiness(ready)).toBe('http=GET /up');
});
