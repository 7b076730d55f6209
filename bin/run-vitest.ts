import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** What became of tests, with the names of those that failed. */
export interface TestOutcome extends Counts {
  /** Groups and title, with blanks between. */
  readonly failures: readonly string[];
}

/** Run a program of the workspace with its output shown. */
export async function run(command: readonly string[], environment = process.env): Promise<boolean> {
  const child = spawn('pnpm', ['exec', ...command], { stdio: 'inherit', env: environment });
  return await new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (status) => resolve(status === 0));
  });
}

/**
 * Tests against the real engine wait more than they compute: two files at a time take two thirds of the time, also on two
 * cores. Said on the command line, since what the configuration says of it is not for its projects.
 */
const FILES_AT_ONCE = Math.min(4, Math.max(2, availableParallelism()));

/** The tests of the files whose paths hold one of the filters; of all without any. */
export async function runVitest(filters: readonly string[], environment = process.env): Promise<TestOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'keepset-test-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  try {
    const passed = await run(
      ['vitest', 'run', `--maxWorkers=${FILES_AT_ONCE}`, ...reporters, ...filters],
      environment,
    );
    const report = JSON.parse(readFileSync(file, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numFailedTestSuites: number;
      numPendingTests: number;
      testResults: { assertionResults: { status: string; fullName: string }[] }[];
    };
    // A skipped test must not look green, nor a file that could not even be loaded.
    const failed = Math.max(
      report.numFailedTests + report.numPendingTests,
      passed ? 0 : 1,
      report.numPassedTests > 0 ? 0 : 1,
    );
    const failures = report.testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => fullName);
    return { passed: report.numPassedTests, failed, failures };
  } catch {
    return { passed: 0, failed: 1, failures: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
