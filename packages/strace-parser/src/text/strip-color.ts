import { Char } from './char.js';

const ESCAPE = String.fromCharCode(Char.Escape);
const SEQUENCE = new RegExp(`${ESCAPE}\\[[0-9;]*[mK]`, 'g');

/** Text without the colours of --color. Safe before parsing: strace never prints a raw ESC of the program's. */
export function stripColor(text: string): string {
  return text.replace(SEQUENCE, '');
}
