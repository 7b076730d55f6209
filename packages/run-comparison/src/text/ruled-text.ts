/** U+2500 to U+257F, in UTF-8. */
const BYTES = /\xe2[\x94\x95][\x80-\xbf]/g;
const CHARACTERS = /[\u2500-\u257f]/g;

/**
 * A byte string in which what draws boxes is one character each, and so a mark, as `|` and `-` are: bytes from 0x80 on are
 * letters else, and a rule would be a long word, which the number in the next cell belongs to.
 */
export function withRules(text: string): string {
  return text.replace(BYTES, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));
}

/** The byte string again. */
export function withoutRules(text: string): string {
  return text.replace(CHARACTERS, (character) => Buffer.from(character, 'utf8').toString('latin1'));
}
