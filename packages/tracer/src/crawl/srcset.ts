/**
 * The references of a srcset attribute.
 *
 * @see HTML Standard, "Parsing a srcset attribute"
 * @example parseSrcset('a.png, b,c.png 2x') // ['a.png', 'b,c.png']
 */
export function parseSrcset(text: string): readonly string[] {
  const links: string[] = [];
  let rest = text;
  for (;;) {
    rest = rest.replace(/^[\s,]+/, '');
    const [word] = /^\S+/.exec(rest) ?? [];
    if (word === undefined) return links;
    rest = rest.slice(word.length);
    const link = word.replace(/,+$/, '');
    if (link !== '') links.push(link);
    // A comma at its end says that it has no descriptor; else the next one outside of brackets ends that.
    if (link === word) rest = rest.replace(/^(?:[^,(]|\([^)]*\)?)*/, '');
  }
}
