const PLAIN = /^[\w@%+=:,./-]+$/;

/** Words as a line for a POSIX shell, quoted only where they must be. */
export function quoteWords(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
