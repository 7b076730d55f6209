/**
 * Split what follows an instruction's name into words; quotes and backslashes stay, since they say how a word expands.
 *
 * @see Dockerfile reference, "Environment replacement"
 */
export function splitWords(text: string): string[] {
  return text.match(/(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s\\'"]|['"\\])+/gs) ?? [];
}

const NAME = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#])/;

/**
 * Take the quotes off a word and put in the variables: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+instead}`.
 *
 * @throws RangeError  a quote or a brace that is not closed, or another modifier
 * @see Dockerfile reference, "Environment replacement"
 */
export function expandWord(word: string, variables: ReadonlyMap<string, string>): string {
  let text = '';
  for (let at = 0; at < word.length; ) {
    const character = word[at] as string;
    if (character === "'") {
      const end = closing(word, at + 1, "'");
      text += word.slice(at + 1, end);
      at = end + 1;
    } else if (character === '"') {
      const end = closing(word, at + 1, '"');
      text += expandQuoted(word.slice(at + 1, end), variables);
      at = end + 1;
    } else if (character === '\\') {
      text += word[at + 1] ?? '';
      at += 2;
    } else {
      const [value, length] = expandAt(word, at, variables);
      text += value;
      at += length;
    }
  }
  return text;
}

/** In double quotes a backslash says something only before `"`, `$` and itself. */
function expandQuoted(word: string, variables: ReadonlyMap<string, string>): string {
  let text = '';
  for (let at = 0; at < word.length; ) {
    const character = word[at] as string;
    if (character === '\\') {
      const next = word[at + 1] ?? '';
      text += '"$\\'.includes(next) ? next : `\\${next}`;
      at += 2;
    } else {
      const [value, length] = expandAt(word, at, variables);
      text += value;
      at += length;
    }
  }
  return text;
}

/** @returns what stands at a place that is no quote and no backslash, and how long that is written */
function expandAt(
  word: string,
  at: number,
  variables: ReadonlyMap<string, string>,
): readonly [string, number] {
  const character = word[at] as string;
  return character === '$' ? expandVariable(word.slice(at), variables) : [character, 1];
}

/** @returns the value of the variable that the text begins with, and how long its name is written */
function expandVariable(text: string, variables: ReadonlyMap<string, string>): readonly [string, number] {
  if (text[1] !== '{') {
    const name = NAME.exec(text.slice(1))?.[0];
    return name === undefined ? ['$', 1] : [variables.get(name) ?? '', name.length + 1];
  }
  const end = closing(text, 2, '}');
  const inside = text.slice(2, end);
  const name = NAME.exec(inside)?.[0];
  const [modifier, rest] = [
    inside.slice(name?.length, (name?.length ?? 0) + 2),
    inside.slice((name?.length ?? 0) + 2),
  ];
  if (name === undefined || !['', ':-', ':+'].includes(modifier))
    throw new RangeError(`\${${inside}} is not a form of a variable that is known here`);
  const value = variables.get(name) ?? '';
  if (modifier === '') return [value, end + 1];
  const useRest = modifier === ':-' ? value === '' : value !== '';
  if (useRest) return [expandWord(rest, variables), end + 1];
  return [modifier === ':-' ? value : '', end + 1];
}

/** @returns where the mark stands that ends what begins before `from`; braces nest */
function closing(text: string, from: number, mark: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && mark !== "'") at++;
    else if (mark === '}' && character === '{') depth++;
    else if (character === mark && depth-- === 0) return at;
  }
  throw new RangeError(`${mark} is missing`);
}
