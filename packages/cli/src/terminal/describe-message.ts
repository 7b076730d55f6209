import type { Failure } from '@keepset/shrinker/failure';
import { optionName } from '../options/option-name.js';

/**
 * The message of a failure, with an option of the run as it is written on the command line.
 *
 * @example "memory 'much': not valid" // "--memory 'much': not valid"
 */
export function describeMessage({ code, message, facts: { option } }: Failure): string {
  if (code !== 'RUN_OPTION_INVALID' || typeof option !== 'string') return message;
  const written = `--${optionName(option)}`;
  return message.startsWith(option) ? `${written}${message.slice(option.length)}` : message;
}
