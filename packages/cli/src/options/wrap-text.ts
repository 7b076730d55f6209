/**
 * A text in lines of at most `width` characters. A word that is longer than a line has one of its own.
 *
 * @example wrapText('a bc d', 4) // ['a bc', 'd']
 */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A paragraph, its lines ended. */
export function wrapParagraph(text: string, width: number): string {
  return `${wrapText(text, width).join('\n')}\n`;
}
