// Every check and every test, one after the other, behind bin/test. A check that is not run is a failure.
import { connectTestEngine, ensureBase } from '../test-fixtures/images.ts';
import { run, runVitest, type TestOutcome } from './run-vitest.ts';
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

async function runChecks(): Promise<TestOutcome> {
  const failures: string[] = [];
  for (const [name, command] of CHECKS) {
    say(`\n== ${name}`);
    const passed = await run(command);
    say(`${passed ? 'passed' : 'FAILED'}: ${name}`);
    if (!passed) failures.push(name);
  }
  return { passed: CHECKS.length - failures.length, failed: failures.length, failures };
}

const NONE: TestOutcome = { passed: 0, failed: 0, failures: [] };

const filters = process.argv.slice(2);
{
  // Tests share the base image: made once, before they start side by side.
  await using engine = await connectTestEngine();
  say(
    `engine ${engine.details.version} at ${engine.details.address}, base image ${await ensureBase(engine)}`,
  );
}
const all = filters.length === 0;
const outcomes = [all ? await runChecks() : NONE];
say('\n== tests');
outcomes.push(await runVitest(filters), all ? await testEngines(ENGINES) : NONE);
const sum = (key: 'passed' | 'failed') => outcomes.reduce((total, outcome) => total + outcome[key], 0);
say('');
// Said last: a service that shows only the end of a log shows what to look at.
for (const name of outcomes.flatMap(({ failures }) => failures)) say(`failed: ${name}`);
say(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
