const ESCAPES: Readonly<Record<string, string>> = {
  _: ' ',
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
};

/**
 * Split as `env -S` does: blanks separate, quotes group, `\_` is a space, `#` at the start of a word begins a
 * comment, `\c` ends the text. `${NAME}` stays as it is: the values are not known here.
 *
 * @see env(1), -S/--split-string
 */
export function splitEnvString(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    // Between single quotes only a quote and a backslash can be escaped.
    if (character === '\\' && (quote !== "'" || "'\\".includes(text.charAt(index + 1)))) {
      const next = text.charAt(++index);
      if (next === 'c') break;
      if (next === '_' && quote === '') {
        if (word !== undefined) words.push(word);
        word = undefined;
      } else word = (word ?? '') + (ESCAPES[next] ?? next);
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (' \t\n\r\f\v'.includes(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '#' && word === undefined) break;
    else word = (word ?? '') + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}
