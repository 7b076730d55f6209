const FORMAT = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** @example orList(['a', 'b', 'c']) // 'a, b or c' */
export function orList(words: readonly string[]): string {
  return FORMAT.format(words);
}
