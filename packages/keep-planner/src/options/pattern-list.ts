/**
 * The patterns of a file, one a line; empty lines and lines that begin with `#` are passed over, blanks at the ends
 * of a line do not count (a backslash before it keeps the last one).
 */
export function parsePatternList(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trimStart().replace(/(?<!\\)\s+$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));
}
