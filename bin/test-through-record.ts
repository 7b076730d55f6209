// The repository's own engine tests with the proxy of `keepset record` in the engine's place: a test that fails there and
// not without it has seen a difference.
//   pnpm test:through-record [PATH …]
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEngine, resolveEngineAddress } from '@keepset/docker-engine';
import { openRecorder } from '@keepset/recorder';
import { runVitest } from './run-vitest.ts';

const FILES = [
  'packages/docker-engine',
  'packages/toolbox',
  'packages/tracer',
  ...['any-engine', 'crawl', 'keep-options', 'proof', 'rules', 'saved-traces', 'services'].map(
    (name) => `packages/shrinker/test/${name}.test.ts`,
  ),
];

const asked = process.argv.slice(2);
const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
const folder = mkdtempSync(join(tmpdir(), 'keepset-through-'));
try {
  const owner = `through-record-${process.pid}`;
  await using engine = await connectEngine({ address, owner });
  await using recorder = await openRecorder(engine, { address, folder, owner });
  const environment = { ...process.env, DOCKER_CONTEXT: '', DOCKER_HOST: recorder.address };
  const { passed, failed, failures } = await runVitest(asked.length > 0 ? asked : FILES, environment);
  const { containers, untraced } = await recorder.finish();
  console.log(`${passed} passed; ${containers.length} containers traced, ${untraced.length} not`);
  for (const failure of failures) console.log(`a difference: ${failure}`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
