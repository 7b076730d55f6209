import type { Engine } from '@keepset/docker-engine';
import type { Console } from '../terminal/console.js';
import { engineOf } from './engine-of.js';

/** Who presses TAB, or asks for a version, does not wait for an engine. */
const ENGINE_MS_MAX = 1000;

/** @returns undefined where no engine answers soon: there is nobody to tell */
export async function askEngineSoon<T>(
  console: Console,
  ask: (engine: Engine) => T | Promise<T>,
): Promise<T | undefined> {
  const signal = AbortSignal.any([console.signal, AbortSignal.timeout(ENGINE_MS_MAX)]);
  try {
    await using engine = await engineOf({ ...console, signal });
    return await ask(engine);
  } catch {
    return undefined;
  }
}
