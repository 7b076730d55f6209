import { EngineError } from '../engine-error.js';
import type { RunOptions } from './run-options.js';

/** @param expected  the notation, as docker's documentation writes it */
export function invalidOption(option: keyof RunOptions, text: string, expected: string): EngineError {
  return new EngineError('RUN_OPTION_INVALID', `${option} '${text}': not valid`, {
    facts: { option, value: text },
    hint: `Expected ${expected}, as in docker run.`,
  });
}
