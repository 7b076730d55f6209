// Every check and every test, one after the other, behind bin/test. A check that is not run is a failure.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectTestEngine, ensureBase } from '../test-fixtures/images.ts';

interface Counts {
  passed: number;
  failed: number;
}

const CHECKS: readonly (readonly [name: string, command: readonly string[]])[] = [
  ['format and lint', ['biome', 'ci', '--error-on-warnings', '.']],
  ['types', ['turbo', 'run', 'typecheck', '--output-logs=errors-only']],
  [
    'packages as published (publint, are the types wrong)',
    ['turbo', 'run', 'lint', '--output-logs=errors-only'],
  ],
  ['dead exports and dependencies (knip)', ['knip']],
];

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Run a program of the workspace with its output shown. */
async function run(command: readonly string[]): Promise<boolean> {
  const child = spawn('pnpm', ['exec', ...command], { stdio: 'inherit' });
  return await new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (status) => resolve(status === 0));
  });
}

async function runChecks(): Promise<Counts> {
  const counts = { passed: 0, failed: 0 };
  for (const [name, command] of CHECKS) {
    say(`\n== ${name}`);
    const passed = await run(command);
    say(`${passed ? 'passed' : 'FAILED'}: ${name}`);
    counts[passed ? 'passed' : 'failed']++;
  }
  return counts;
}

async function runTests(filters: readonly string[]): Promise<Counts> {
  say('\n== tests');
  const folder = mkdtempSync(join(tmpdir(), 'keepset-test-'));
  const file = join(folder, 'report.json');
  try {
    const passed = await run([
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...filters,
    ]);
    const report = JSON.parse(readFileSync(file, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numFailedTestSuites: number;
      numPendingTests: number;
    };
    // A skipped test must not look green, nor a file that could not even be loaded.
    const failed = Math.max(
      report.numFailedTests + report.numPendingTests,
      passed ? 0 : 1,
      report.numPassedTests > 0 ? 0 : 1,
    );
    return { passed: report.numPassedTests, failed };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const filters = process.argv.slice(2);
{
  // Tests share the base image: made once, before they start side by side.
  await using engine = await connectTestEngine();
  say(
    `engine ${engine.details.version} at ${engine.details.address}, base image ${await ensureBase(engine)}`,
  );
}
const checks = filters.length > 0 ? { passed: 0, failed: 0 } : await runChecks();
const tests = await runTests(filters);
const failed = checks.failed + tests.failed;
say(`\n${checks.passed + tests.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
