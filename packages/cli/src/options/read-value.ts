import type { NumberOption, Option } from './option.js';
import { orList } from './or-list.js';
import { UsageError } from './usage-error.js';

/**
 * The value of one option, as its definition says.
 *
 * @param given  what the parser found: undefined, a value, or a list where the option was given several times
 * @throws UsageError  no whole number, or none of the choices
 */
export function readValue(name: string, option: Option, given: unknown): unknown {
  const all = given === undefined ? [] : [given].flat();
  if (option.type === 'choice') for (const each of all) requireChoice(name, option.choices, String(each));
  if (isList(option)) return all;
  // Given several times (by a variable and on the command line, say) it is as it was given last.
  const last: unknown = all.at(-1);
  if (last === undefined) return option.default;
  if (option.type === 'number') return readNumber(name, option, String(last));
  return last;
}

/** Whether each value counts. */
export function isList(option: Option): boolean {
  return (option.type === 'text' || option.type === 'choice') && option.repeatable === true;
}

function requireChoice(name: string, choices: readonly string[], value: string): void {
  if (!choices.includes(value))
    throw new UsageError(`--${name} "${value}": not valid`, `Use ${orList(choices)}.`);
}

function readNumber(
  name: string,
  { min, max = Number.POSITIVE_INFINITY }: NumberOption,
  text: string,
): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  const range = max === Number.POSITIVE_INFINITY ? `from ${min}` : `from ${min} to ${max}`;
  throw new UsageError(`--${name} ${text}: not a whole number ${range}`);
}
