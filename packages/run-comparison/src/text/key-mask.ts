import { type GapMask, learnFramedName, learnGap } from './gap-mask.js';
import { tokenize } from './tokenize.js';

/** What base 64 and base64url are written with (RFC 4648), and paths. */
const RUN = /([0-9A-Za-z\x80-\xff+/=_-]+)/;

/** Of fewer characters, letters and digits are no key. */
const KEY_LENGTH_MIN = 6;

/**
 * Learn a line in which keys stand (base 64, a password): their marks come and go, and make no places.
 *
 * @returns undefined: it is no such line
 */
export function learnKeys(examples: readonly string[]): ((line: string) => boolean) | undefined {
  const pieces = examples.map((each) => each.split(RUN));
  const [first = []] = pieces;
  if (pieces.some(({ length }) => length !== first.length)) return undefined;
  const masks: GapMask[] = [];
  let hasKey = false;
  for (const [place, text] of first.entries()) {
    const all = pieces.map((each) => each[place] as string);
    const isSame = all.every((each) => each === text);
    const isRun = place % 2 === 1;
    if (!isSame && !isRun) return undefined;
    const isKey = !isSame && areKeys(all);
    hasKey ||= isKey;
    masks.push((isKey ? learnFramedName : learnGap)(all.map(tokenize)));
  }
  if (!hasKey) return undefined;
  return (line) => {
    const parts = line.split(RUN);
    return (
      parts.length === masks.length && masks.every((accepts, at) => accepts(tokenize(parts[at] as string)))
    );
  };
}

function areKeys(texts: readonly string[]): boolean {
  const all = texts.join('');
  return (
    texts.every(({ length }) => length >= KEY_LENGTH_MIN) &&
    [/[a-zA-Z]/, /\d/].every((each) => each.test(all))
  );
}
