import { RUN_OPTION_DEFINITIONS } from './run-option-definitions.js';
import type { ParsedOptions } from './run-options.js';

/** The options of the run as words, so that the command that is shown runs the result in the same way. */
export function toRunArguments(parsed: ParsedOptions): readonly string[] {
  return Object.keys(RUN_OPTION_DEFINITIONS).flatMap((name) => {
    const value = parsed[name];
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return (Array.isArray(value) ? value : [value]).flatMap((one) => [`--${name}`, String(one)]);
  });
}
