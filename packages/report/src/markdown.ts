/** What acts on a terminal, ends a line or turns the direction of text. */
const ACTING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Longer texts are cut. */
const LENGTH_MAX = 200;

/**
 * Text of others as a piece of a line of Markdown, also within a table: whatever it holds, it is only text.
 *
 * @example toMarkdown('a|b <c>') // 'a&#124;b &#60;c&#62;'
 */
export function toMarkdown(text: string): string {
  const short = text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)}…` : text;
  return short
    .replace(ACTING, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/[^\p{L}\p{N} ./,-]/gu, (sign) => `&#${sign.codePointAt(0)};`);
}

/**
 * A table in Markdown, as GitHub has it.
 *
 * @param rows  cells of Markdown; those after the first are numbers, if so said
 */
export function markdownTable(
  titles: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  { numbers = false }: { readonly numbers?: boolean } = {},
): string {
  const rule = titles.map((_, index) => (numbers && index > 0 ? '---:' : '---'));
  return [titles, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
