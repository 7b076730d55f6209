const PLAIN = /^[\w@%+=:,./-]+$/;

/** For a POSIX shell, quoted only where it must be. */
export function quoteWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
