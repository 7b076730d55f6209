// The engine under test, by its kind.

import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { resolveEngineAddress } from '@keepset/docker-engine';
import { startNextDocker } from './next-docker.ts';
import { startPodman } from './podman.ts';
import { startRelay } from './relay.ts';
import type { TestEngine } from './test-engine.ts';

/** The default engine, over tcp. */
async function startTcp(): Promise<TestEngine> {
  const { socketPath, port } = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
  const relay = await startRelay(0, socketPath ?? port ?? 0);
  return {
    environment: { DOCKER_HOST: `tcp://127.0.0.1:${(relay.address() as AddressInfo).port}` },
    async [Symbol.asyncDispose]() {
      relay.close();
    },
  };
}

const STARTERS = {
  podman: () => startPodman(),
  'podman-rootless': () => startPodman('keepset-test'),
  'docker-next': startNextDocker,
  tcp: startTcp,
};
export type EngineKind = keyof typeof STARTERS;
export const ENGINE_KINDS = Object.keys(STARTERS) as readonly EngineKind[];

/** @throws Error  it cannot be installed or started here; says what is missing */
export async function startEngine(kind: EngineKind): Promise<TestEngine> {
  return await STARTERS[kind]();
}
