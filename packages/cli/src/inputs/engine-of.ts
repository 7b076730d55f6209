import { homedir } from 'node:os';
import type { Engine } from '@keepset/docker-engine';
import type { Console } from '../terminal/console.js';
import { openSessionFolder, withNotedImages } from './session-folder.js';

/** The engine that docker's client would talk to, for as long as nobody interrupts. */
export async function engineOf(console: Console): Promise<Engine> {
  const { environment, signal } = console;
  // Loaded only here: most commands that may ask an engine can also do without.
  const { connectEngine, resolveEngineAddress } = await import('@keepset/docker-engine');
  const { registryAccess } = await import('./registry-access.js');
  const client = { environment, homeDirectory: homedir() };
  const session = openSessionFolder();
  const opening = connectEngine({
    owner: session.owner,
    address: resolveEngineAddress(client),
    signal,
    registries: registryAccess(console),
    ...(environment.DOCKER_API_VERSION && { apiVersion: environment.DOCKER_API_VERSION }),
  });
  const engine = await opening.catch((error: unknown) => {
    session[Symbol.dispose]();
    throw error;
  });
  return {
    ...withNotedImages(engine, session),
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      session[Symbol.dispose]();
    },
  };
}
