// The tests that stand for an engine, on engines beside the default one, behind bin/test-engines.
import { homedir } from 'node:os';
import { connectEngine, resolveEngineAddress } from '@keepset/docker-engine';
import { copyImage } from '../test-fixtures/engines/copy-image.ts';
import { ENGINE_KINDS, type EngineKind, startEngine } from '../test-fixtures/engines/start-engine.ts';
import { connectTestEngine, ensureBase, ensureImage } from '../test-fixtures/images.ts';
import { runVitest, type TestOutcome } from './run-vitest.ts';

/** The port, the tracer's matrix, a recording, whole shrinks, deposits. */
const FILES = [
  'packages/docker-engine/src/connect-engine.test.ts',
  'packages/tracer/src/trace-run.test.ts',
  'packages/recorder/test/any-engine.test.ts',
  'packages/shrinker/test/any-engine.test.ts',
  'packages/archive/test/any-engine.test.ts',
];
const IMAGES = ['static', 'compiler', 'fidelity', 'metadata', 'service', 'service-healthy'];

/** @throws Error  an engine cannot be had here; says what is missing */
export async function testEngines(kinds: readonly EngineKind[]): Promise<TestOutcome> {
  const sum = { passed: 0, failed: 0, failures: [] as string[] };
  await using standard = await connectTestEngine();
  const images = [await ensureBase(standard)];
  for (const name of IMAGES) images.push(await ensureImage(standard, name));
  for (const kind of kinds) {
    await using own = await startEngine(kind);
    const environment = { ...process.env, DOCKER_CONTEXT: '', ...own.environment };
    const address = resolveEngineAddress({ environment, homeDirectory: homedir() });
    {
      await using engine = await connectEngine({ address });
      const { version, apiVersion } = engine.details;
      process.stdout.write(`\n== tests on ${kind}: engine ${version}, API ${apiVersion}\n`);
      for (const image of images) await copyImage(standard, engine, image);
    }
    const { passed, failed, failures } = await runVitest(FILES, environment);
    sum.passed += passed;
    sum.failed += failed;
    sum.failures.push(...failures.map((name) => `${name} (${kind})`));
  }
  return sum;
}

if (process.argv[1] === import.meta.filename) {
  const asked = process.argv.slice(2);
  const unknown = asked.find((kind) => !ENGINE_KINDS.includes(kind as EngineKind));
  if (unknown !== undefined) throw new Error(`'${unknown}' is none of ${ENGINE_KINDS.join(', ')}`);
  const { passed, failed } = await testEngines(asked.length > 0 ? (asked as EngineKind[]) : ENGINE_KINDS);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
