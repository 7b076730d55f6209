import type { RunOptions } from '@keepset/docker-engine';
import type { GroupValues } from '../options/option.js';
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
    ...Object.entries(own).map(([key, value]) => [toName(key), value] as const),
  ]);
  return Object.keys(RUN_OPTIONS.options).flatMap((name) => {
    const value = values.get(name);
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return [value].flat().flatMap((one) => [`--${name}`, String(one)]);
  });
}

/** @example toName('readOnly') // 'read-only' */
function toName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
