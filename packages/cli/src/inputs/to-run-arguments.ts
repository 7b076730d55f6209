import type { RunOptions } from '@keepset/shrinker';
import { RUN_OPTION_DEFINITIONS } from '../options/run-options.js';
import type { ParsedOptions } from './to-run-options.js';

/**
 * The options of the run as words, so that the command that is shown runs the result in the same way.
 *
 * @param own  what one of several runs says for itself; each goes before that of all runs
 */
export function toRunArguments(parsed: ParsedOptions, own: RunOptions = {}): readonly string[] {
  const options: ParsedOptions = { ...parsed, ...(own.env !== undefined && { 'env-file': undefined }) };
  return Object.keys(RUN_OPTION_DEFINITIONS).flatMap((name) => {
    const value = own[toKey(name)] ?? options[name];
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return (Array.isArray(value) ? value : [value]).flatMap((one) => [`--${name}`, String(one)]);
  });
}

/** @example toKey('read-only') // 'readOnly' */
function toKey(name: string): keyof RunOptions {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()) as keyof RunOptions;
}
