import type { RunOptions } from '@keepset/docker-engine';
import type { GroupValues } from '../options/option.js';
import { optionName } from '../options/option-name.js';
import { RUN_OPTIONS } from '../options/run-options.js';

/**
 * The options of the run as words, so that the command that is shown runs the result in the same way.
 *
 * @param own  the options of one of several runs; each goes before that of all runs
 */
export function toRunArguments(
  options: GroupValues<typeof RUN_OPTIONS>,
  own: RunOptions = {},
): readonly string[] {
  const common = own.env === undefined ? options : { ...options, 'env-file': [] };
  const values = new Map<string, unknown>([
    ...Object.entries(common),
    ...Object.entries(own).map(([key, value]) => [optionName(key), value] as const),
  ]);
  return Object.keys(RUN_OPTIONS.options).flatMap((name) => {
    const value = values.get(name);
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return [value].flat().flatMap((one) => [`--${name}`, name === 'env' ? nameOf(String(one)) : String(one)]);
  });
}

/** The value of a variable may be a secret: docker takes it from the shell where only the name is given. */
function nameOf(variable: string): string {
  return variable.split('=')[0] ?? '';
}
