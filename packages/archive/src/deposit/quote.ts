// What others wrote, for the medium that it goes into.

/** A word of a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command line that a person can copy: words are quoted where they have to be. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : shellWord(word))).join(' ');
}

/** One line, for comments and for people: what would move the cursor is escaped. */
export function plainLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

/** Text of HTML, in an element or in an attribute with quotation marks. */
export function htmlText(text: string): string {
  return plainLine(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A span of code in Markdown. @see CommonMark 0.31, "Code spans" */
export function markdownCode(text: string): string {
  const line = plainLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const gap = longest > 0 || line === '' ? ' ' : '';
  return `${fence}${gap}${line}${gap}${fence}`;
}

/** Words in Markdown that say only what they say. */
export function markdownText(text: string): string {
  return plainLine(text).replace(/[\\`*_{}[\]()#+!<>|&~-]/g, '\\$&');
}

/** A relative path as the reference of an URI. */
export function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
