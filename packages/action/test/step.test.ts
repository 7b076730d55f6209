// The step as a runner starts it: inputs as variables, and files for what it says.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';

const PROGRAM = fileURLToPath(new URL('../dist/keepset-action.js', import.meta.url));
const NAME = `keepset/test-action-${process.pid}`;

const folder = mkdtempSync(join(tmpdir(), 'test-action-'));
let engine: Engine;
let base: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
});
afterAll(async () => {
  await engine.removeImage(NAME);
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function step(inputs: Readonly<Record<string, string>>) {
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const env = { ...process.env, GITHUB_ACTIONS: 'true', ...files, ...inputs };
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve) => {
    execFile(process.execPath, [PROGRAM], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), text: stdout + stderr }),
    );
  });
  const outputs = [...readFileSync(files.GITHUB_OUTPUT, 'utf8').matchAll(/^(\S+)<<(\S+)\n(.*?)\n\2\n/gms)];
  return {
    status,
    text,
    outputs: Object.fromEntries(outputs.map(([, name = '', , value = '']) => [name, value])),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
  };
}

it('shrinks, compares with the run before, and fails under conditions', async () => {
  const inputs = {
    KEEPSET_IMAGE: base,
    KEEPSET_TAG: NAME,
    KEEPSET_COMMAND: "sh -c 'cat $FILE; echo ::warning::no'",
  };
  const first = await step({ ...inputs, KEEPSET_ENV: 'FILE=/etc/debian_version\nOTHER=$(touch here)' });
  expect(first.status, first.text).toBe(0);
  const { id } = (await engine.inspectImage(NAME)) ?? {};
  expect(first.outputs).toMatchObject({ verdict: 'verified', id, growth: '', digest: '' });
  expect(Number(first.outputs.size) / Number(first.outputs['source-size'])).toBeCloseTo(
    Number(first.outputs.ratio),
    3,
  );
  expect(first.summary).toContain('No earlier run to compare with.');
  expect(readFileSync(join(folder, first.outputs.report ?? ''), 'utf8')).toContain('<!doctype html>');
  expect(readFileSync(join(folder, 'keepset-results/outputs.env'), 'utf8')).toContain(
    'KEEPSET_VERDICT=verified\n',
  );
  expect(existsSync(join(folder, 'here'))).toBe(false);
  // What the command prints is no command to the runner.
  const [, token, printed] = /::stop-commands::(\S+)\n(.*)\n::\1::\n/s.exec(first.text) ?? [];
  expect(token).toMatch(/^[\w-]{36}$/);
  expect(printed).toContain('::warning::no');

  const second = await step({
    ...inputs,
    KEEPSET_ENV: 'FILE=/etc/debian_version',
    KEEPSET_KEEP: '/usr/bin/perl',
    KEEPSET_FAIL_IF: 'ratio > 99%, growth > 1MB',
  });
  expect(second.status, second.text).toBe(1);
  expect(second.summary).toContain('- fail-if: growth &#62; 1MB');
  expect(second.summary).toMatch(/Since the last run\*\*: \+\d+\.\d MB/);
  expect(second.summary).toContain('| /usr/bin/perl | added |');
  expect(Number(second.outputs.growth)).toBe(Number(second.outputs.size) - Number(first.outputs.size));
});

it('says why there is no image', async () => {
  const { status, summary, outputs } = await step({ KEEPSET_IMAGE: 'keepset/none:1', KEEPSET_TAG: NAME });
  expect(status).toBe(1);
  expect(outputs).toEqual({ verdict: 'failed' });
  expect(summary).toContain('No image was made (exit status 1).');
  expect(summary).toContain('keepset/none');
});

it('refuses what it cannot understand', async () => {
  const { status, text } = await step({ KEEPSET_IMAGE: base, KEEPSET_FAIL_IF: 'size > large' });
  expect(status).toBe(2);
  expect(text).toMatch(/^keepset-action: fail-if: 'size > large' is no condition\n {2}Write, for example: /);
  const unwritable = await step({ KEEPSET_IMAGE: base, KEEPSET_RESULTS: '/dev/null/results' });
  expect(unwritable.status).toBe(1);
  expect(unwritable.text).toMatch(/^keepset-action: ENOTDIR: .*\/dev\/null.*\n {2}'results' has to be/);
});
