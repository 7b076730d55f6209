import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Console } from '../../terminal/console.js';
import { runCommand } from './run-command.js';

const folder = mkdtempSync(join(tmpdir(), 'test-run-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('%s before COMMAND is started: it is not started, and the status is %i', async (signal, expected) => {
  const file = join(folder, signal);
  const console = { signal: AbortSignal.abort(signal), environment: process.env } as Console;
  expect(await runCommand(['touch', file], 'unix:///no/such', console)).toBe(expected);
  expect(existsSync(file)).toBe(false);
});
