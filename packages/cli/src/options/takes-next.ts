import type { Option } from './option.js';

/**
 * Whether the word behind an option is its value. A number that need not be given is one only if it is a number: any other
 * word is the next option, or IMAGE.
 */
export function takesNext(option: Option | undefined, next: string | undefined): boolean {
  if (option === undefined || option.type === 'flag') return false;
  return option.type !== 'number' || option.bare === undefined || /^\d+$/.test(next ?? '');
}
