import type { Option } from './option.js';

/**
 * An option as a user writes it.
 *
 * @param form  `short`: by its letter where it has one; `full`: letter and name
 * @example writtenOption('tag', TAG, 'full') // '-t, --tag NAME[:TAG]'
 * @example writtenOption('verify', VERIFY, 'full') // '--no-verify'
 */
export function writtenOption(name: string, option: Option, form: 'short' | 'full'): string {
  const long = option.type === 'flag' && option.default === true ? `--no-${name}` : `--${name}`;
  const letter = option.alias === undefined ? undefined : `-${option.alias}`;
  const full = letter === undefined ? long : `${letter}, ${long}`;
  const written = form === 'short' ? (letter ?? long) : full;
  const value = valueName(option);
  if (option.type === 'text' && option.bare !== undefined) return `${written}[=${value}]`;
  return value === undefined ? written : `${written} ${value}`;
}

function valueName(option: Option): string | undefined {
  if (option.type === 'flag') return undefined;
  if (option.type === 'number' && option.bare !== undefined) return `[${option.value}]`;
  return option.type === 'choice' ? option.choices.join('|') : option.value;
}
