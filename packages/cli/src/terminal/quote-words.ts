import { plainLine } from './plain-text.js';

const PLAIN = /^[\w@%+=:,./-]+$/;

/** Words as one line for a shell, quoted only where they must be: as POSIX has it, but for control characters, as bash and zsh do. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (PLAIN.test(word)) return word;
  if (plainLine(word) === word) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = word.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `$'${plainLine(escaped)}'`;
}
