import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** What became of tests, with what names those that failed. */
export interface TestOutcome extends Counts {
  /** The file, then groups and title with blanks between. */
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
      testResults: {
        name: string;
        status: string;
        assertionResults: { status: string; fullName: string }[];
      }[];
    };
    // A skipped test must not look green, nor a file that could not even be loaded.
    const failed = Math.max(
      report.numFailedTests + report.numPendingTests,
      passed ? 0 : 1,
      report.numPassedTests > 0 ? 0 : 1,
    );
    const failures = report.testResults.flatMap(({ name, status, assertionResults }) => {
      const failed = assertionResults.filter((test) => test.status !== 'passed');
      const titles = failed.map(({ fullName }) => `${relative(process.cwd(), name)}: ${fullName}`);
      // A file that cannot be loaded has no test that failed.
      return titles.length === 0 && status === 'failed' ? [relative(process.cwd(), name)] : titles;
    });
    if (!passed && failures.length === 0) failures.push('an error outside of any test, shown above');
    return { passed: report.numPassedTests, failed, failures };
  } catch {
    return { passed: 0, failed: 1, failures: ['the tests did not run to their end'] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
