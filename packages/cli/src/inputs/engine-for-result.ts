import { type Engine, EngineError } from '@keepset/docker-engine';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { engineOf } from './engine-of.js';

/** Where a result goes whose source no engine has. */
export interface GivenResult {
  readonly tags: readonly string[];
  readonly push: boolean;
  readonly outputs: readonly unknown[];
}

/**
 * The engine that is to hold a result, where the source needs none: it is asked for names alone.
 *
 * @returns undefined where none is needed, or none answers and the result goes elsewhere as well
 * @throws UsageError  none answers, and the result goes nowhere else; EngineError
 */
export async function engineForResult(
  { tags, push, outputs }: GivenResult,
  console: Console,
): Promise<Engine | undefined> {
  if (tags.length === 0) return undefined;
  try {
    return await engineOf(console);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'ENGINE_UNREACHABLE') throw error;
    if (push || outputs.length === 0)
      throw new UsageError(
        `no engine answers that could ${push ? 'push' : 'hold'} '${tags[0]}'`,
        push
          ? 'Start one, or send the result without it: -o type=registry,ref=NAME.'
          : 'Start one, or write the result to a file: -o type=oci,dest=FILE.',
      );
    console.writeError(
      `keepset: no engine answers: '${tags.join("', '")}' names the result in its outputs alone\n`,
    );
    return undefined;
  }
}
