/** An object has a key twice. */
export class RepeatedKeyError extends Error {
  override readonly name = 'RepeatedKeyError';
}

/** A string, or what gives text its structure. In valid JSON, nothing else holds one of these characters. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],]/gs;

/**
 * `JSON.parse` for what others wrote: a key that an object has twice is an error, since readers disagree on which of
 * the two counts.
 *
 * @throws SyntaxError  it is not JSON
 * @throws RepeatedKeyError  names the key, and its line
 * @see RFC 8259, section 4
 * @example parseUniqueJson('{"name":"main"}') // { name: 'main' }
 */
export function parseUniqueJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  /** Of each object that is open, the keys so far; of a list, nothing. */
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ',' && isKey) {
      const key = JSON.parse(token) as string;
      const keys = open.at(-1);
      if (keys?.has(key))
        throw new RepeatedKeyError(`${token} stands twice in one object: ${lineAt(text, index)}`);
      keys?.add(key);
    }
    isKey = (token === '{' || token === ',') && open.at(-1) !== undefined;
  }
  return value;
}

function lineAt(text: string, index: number): string {
  return `line ${text.slice(0, index).split('\n').length}`;
}
