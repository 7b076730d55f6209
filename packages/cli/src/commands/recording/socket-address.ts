import { homedir } from 'node:os';
import { type EngineAddress, resolveEngineAddress, toSocketOptions } from '@keepset/docker-engine';
import type { Console } from '../../terminal/console.js';

/**
 * The engine's address, for those who pass on what others say to it.
 *
 * @throws EngineError ENGINE_ADDRESS_INVALID  it is reached by a program and no socket: said before anything is tried
 */
export function socketAddress({ environment }: Pick<Console, 'environment'>): EngineAddress {
  const address = resolveEngineAddress({ environment, homeDirectory: homedir() });
  toSocketOptions(address);
  return address;
}
