import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { diagnose, examineEngine } from '../src/index.js';
import { allContainers } from './all-containers.ts';
import { shrinkHere, watched } from './shrink-here.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await connectTestEngine();
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

it('an engine on which keepset works is good in every respect that can be looked at', async () => {
  const { engine: one, containers } = watched(engine);
  const findings = await examineEngine(one);
  expect(findings.map(({ subject }) => subject)).toEqual([
    'engine',
    'architecture',
    'storage',
    'security',
    'engine disk',
    'temporary folder',
    'toolbox',
    'strace',
    'ptrace',
  ]);
  expect(findings.filter(({ state }) => state === 'bad')).toEqual([]);
  expect(findings.find(({ subject }) => subject === 'ptrace')?.state).toBe('good');
  const left = await allContainers(engine.details.address);
  expect(containers.length).toBeGreaterThan(0);
  expect(containers.filter(({ id }) => left.includes(id))).toEqual([]);
});

it('a toolbox that cannot be had is bad, with a remedy', async () => {
  const findings = await examineEngine(engine, { source: 'image=keepset/no-such-image:none' });
  const [bad, ...others] = findings.filter(({ state }) => state === 'bad');
  expect(others).toEqual([]);
  expect(bad).toMatchObject({ subject: 'toolbox', remedy: expect.any(String) });
});

it('a command that fails in a result is told what it lacks of the source, and whose that is', async () => {
  const source = await ensureBase(engine);
  const { result } = await shrinkHere(engine, { image: source, command: ['cat', '/etc/debian_version'] });
  const streams = { onOutput() {}, onEvent() {} };
  const request = { image: result.id, source, options: {} };
  const failing = await diagnose(engine, { ...request, command: ['perl', '-e', 'print 1'] }, streams);
  expect(failing.exitStatus).toBeUndefined();
  expect(failing.missing).toContainEqual({ path: '/usr/bin/perl', packages: ['deb:perl-base'] });
  const good = await diagnose(engine, { ...request, command: ['cat', '/etc/debian_version'] }, streams);
  expect(good).toEqual({ exitStatus: 0, missing: [] });
  await engine.removeImage(result.id);
});
