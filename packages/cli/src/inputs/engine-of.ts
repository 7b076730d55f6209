import { homedir } from 'node:os';
import {
  connectEngine,
  type Engine,
  findClientCredentials,
  resolveEngineAddress,
} from '@keepset/docker-engine';
import type { Console } from '../terminal/console.js';

/** The engine that docker's client would talk to, for as long as nobody interrupts. */
export async function engineOf(console: Console): Promise<Engine> {
  const { environment, signal } = console;
  return await connectEngine({
    address: resolveEngineAddress({ environment, homeDirectory: homedir() }),
    signal,
    findCredentials: findClientCredentials({ environment, homeDirectory: homedir() }),
    ...(environment.DOCKER_API_VERSION && { apiVersion: environment.DOCKER_API_VERSION }),
  });
}
