// Every check and every test, one after the other, behind bin/test. A check that is not run is a failure.
import { connectTestEngine, ensureBase } from '../test-fixtures/images.ts';
import { type Counts, run, runVitest } from './run-vitest.ts';
import { testEngines } from './test-engines.ts';

const CHECKS: readonly (readonly [name: string, command: readonly string[]])[] = [
  ['format and lint', ['biome', 'ci', '--error-on-warnings', '.']],
  ['types', ['turbo', 'run', 'typecheck', '--output-logs=errors-only']],
  [
    'packages as published (publint, are the types wrong)',
    ['turbo', 'run', 'lint', '--output-logs=errors-only'],
  ],
  ['dead exports and dependencies (knip)', ['knip']],
  ['the documentation as a site, and its links', ['node', 'site/build.ts']],
];

/** One that costs little enough to be run each time; the others by bin/test-engines. It wants root and Debian 12. */
const ENGINES = ['podman'] as const;

const say = (text: string) => process.stdout.write(`${text}\n`);

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

const filters = process.argv.slice(2);
{
  // Tests share the base image: made once, before they start side by side.
  await using engine = await connectTestEngine();
  say(
    `engine ${engine.details.version} at ${engine.details.address}, base image ${await ensureBase(engine)}`,
  );
}
const checks = filters.length > 0 ? { passed: 0, failed: 0 } : await runChecks();
say('\n== tests');
const tests = await runVitest(filters);
const onEngines = filters.length > 0 ? { passed: 0, failed: 0 } : await testEngines(ENGINES);
const failed = checks.failed + tests.failed + onEngines.failed;
say(`\n${checks.passed + tests.passed + onEngines.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
