import { expect, it } from 'vitest';
import { serviceOnlyAwaited } from './service-only-awaited.js';
import type { ShrunkRun } from './shrink-facts.js';
import { signFacts } from './sign-facts.test-helper.js';

const SECONDS = { kind: 'seconds', seconds: 3 } as const;
const PORT = { kind: 'port', ports: [80] } as const;

const messageOf = (...runs: Partial<ShrunkRun>[]) =>
  serviceOnlyAwaited(signFacts({ runs: runs.map((run) => ({ exitStatus: 0, seconds: 3, ...run })) }))
    ?.message;

it.each<[string, Partial<ShrunkRun>, string]>([
  ['some seconds', { service: { awaited: [SECONDS], steps: 0 } }, 'seconds=3'],
  ['a port', { service: { awaited: [PORT, SECONDS], steps: 0 } }, 'port=80, seconds=3'],
])('a service of which only %s were awaited gives a sign', (_what, run, awaited) => {
  expect(messageOf(run)).toBe(
    `the command was only waited for (${awaited}): nothing was asked of it, and it started no program`,
  );
});

it.each<[string, Partial<ShrunkRun>]>([
  ['was asked something', { service: { awaited: [SECONDS], steps: 1 } }],
  ['started a program in that time', { service: { awaited: [SECONDS], steps: 0 }, startedPrograms: 1 }],
  [
    'showed by its log that it did something',
    { service: { awaited: [{ kind: 'log', pattern: /done/ }], steps: 0 } },
  ],
  ['passed its health check', { service: { awaited: [{ kind: 'healthy' }], steps: 0 } }],
  ['is none', {}],
])('one that %s gives none', (_what, run) => {
  expect(messageOf(run)).toBeUndefined();
});
