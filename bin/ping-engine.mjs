// Prints the address of the engine that answers, or fails.
import { homedir } from 'node:os';
import { connectEngine, resolveEngineAddress } from '@keepset/docker-engine';

try {
  const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
  await using engine = await connectEngine({ address });
  process.stdout.write(`${engine.details.address}\n`);
} catch {
  process.exitCode = 1;
}
