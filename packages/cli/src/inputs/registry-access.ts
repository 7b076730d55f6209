import { homedir } from 'node:os';
import { clientRegistryAccess, type RegistryAccess } from '@keepset/docker-engine';
import type { Console } from '../terminal/console.js';

/** Registries, as docker and podman of this user reach them, for as long as nobody interrupts. */
export function registryAccess(
  console: Pick<Console, 'environment' | 'signal'>,
  insecure?: boolean | undefined,
): RegistryAccess {
  const { environment, signal } = console;
  return { ...clientRegistryAccess({ environment, homeDirectory: homedir() }), insecure, signal };
}
