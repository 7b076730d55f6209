import type { Option } from './option.js';

/**
 * Whether the word behind an option is its value. A number that need not be given is one only if it is a number: any other
 * word is the next option, or IMAGE. A text that need not be given stands in the option's own word.
 */
export function takesNext(option: Option | undefined, next: string | undefined): boolean {
  if (option === undefined || option.type === 'flag') return false;
  if (bareValue(option) === undefined) return true;
  return option.type === 'number' && /^\d+$/.test(next ?? '');
}

/** What an option is that is given without a value; undefined: it needs one, or never has one. */
export function bareValue(option: Option): string | undefined {
  if (option.type !== 'number' && option.type !== 'text') return undefined;
  return option.bare === undefined ? undefined : String(option.bare);
}
