import { toMultiset } from './multiset.js';
import { splitBase64, tokenize } from './tokenize.js';

/** Stands for what may vary in a line. Texts do not hold it. */
const VARYING = '\0';
const WORD = /(?<![0-9A-Za-z\x80-\xff])[A-Za-z\x80-\xff]+(?![0-9A-Za-z\x80-\xff])/g;

/** Of fewer texts, nobody knows what of them is common by chance. */
const TEXTS_MIN = 3;
/** Rarer than this, so many words are not common by chance. */
const CHANCE_MIN = 1 / 1000;

/** Of words of one length, so many that only one text lacks say that those which none lacks are there by chance. */
const ALMOST_COMMON_MIN = 2;

/**
 * Words without digits that are in all texts: a name made at random is in one. Of many short ones (`ab` in a dump of bytes) some
 * are in all by chance; words of their length are none then.
 */
export function commonWords(texts: readonly Iterable<string>[]): ReadonlySet<string> {
  const sets = texts.map((lines) => new Set([...lines].flatMap((line) => line.match(WORD) ?? [])));
  const counts = toMultiset(sets.flatMap((each) => [...each]));
  const inSoMany = (count: number) => [...counts.keys()].filter((word) => counts.get(word) === count);
  const common = inSoMany(texts.length);
  if (texts.length < TEXTS_MIN) return new Set(common);
  const almost = toMultiset(inSoMany(texts.length - 1).map(({ length }) => `${length}`));
  return new Set(
    [...Map.groupBy(common, ({ length }) => length)].flatMap(([length, words]) => {
      const ofLength = (all: Iterable<string>) => [...all].filter((word) => word.length === length).length;
      const expected = expectedInAll(
        sets.map((each) => ofLength(each) - words.length),
        ofLength(counts.keys()) - words.length,
      );
      const nearly = almost.get(`${length}`) ?? 0;
      const isChance = nearly >= ALMOST_COMMON_MIN && nearly * 2 >= words.length;
      return !isChance && isSurprising(words.length, expected) ? words : [];
    }),
  );
}

/** Of words that are in some texts and not in all, how many others are in all: as often as each is in a text. */
function expectedInAll(counts: readonly number[], total: number): number {
  if (total === 0) return 0;
  const inAll = counts.reduce((product, count) => (product * count) / total, 1);
  return (total * inAll) / (1 - inAll);
}

/** Whether chance that does it `expected` times does it `count` times too seldom to count on (Poisson). */
function isSurprising(count: number, expected: number): boolean {
  let [term, fewer] = [Math.exp(-expected), 0];
  for (let each = 0; each < count; each++) {
    fewer += term;
    term *= expected / (each + 1);
  }
  return 1 - fewer < CHANCE_MIN;
}

/**
 * A line without what may vary in it: its numbers, keys and unknown words, the order of what is in it, and how wide its columns
 * are. Two lines of one shape are likely to be of one kind.
 */
export function shapeOf(line: string, words: ReadonlySet<string>): string {
  return piecesOf(line, words).sort().join(' ');
}

/** The same without the marks of keys, and without how many items a list has. */
export function roughShapeOf(line: string, words: ReadonlySet<string>): string {
  const pieces = piecesOf(line, words);
  const isJoint = (piece: string, at: number) =>
    JOINTS.has(piece) && (pieces[at - 1] === VARYING || pieces[at + 1] === VARYING);
  const kept = pieces.map((piece, at) => (isJoint(piece, at) ? '' : piece));
  const isOfList = (piece: string, at: number) =>
    piece === VARYING && kept[at - 1] === '' && kept[at - 2] === VARYING;
  return kept
    .filter((piece, at) => piece !== '' && !isOfList(piece, at))
    .sort()
    .join(' ');
}

/** What joins the pieces of a key, and the items of a list. */
const JOINTS: ReadonlySet<string> = new Set([...'+/=_-', ...',;|']);

function piecesOf(line: string, words: ReadonlySet<string>): string[] {
  const pieces: string[] = [];
  const add = (piece: string) => {
    const isRun = piece === pieces.at(-1) && piece !== VARYING && !words.has(piece);
    if (piece !== ' ' && piece !== '\t' && !isRun) pieces.push(piece);
  };
  for (const [place, piece] of splitBase64(line).entries()) {
    if (place % 2 === 1) add(VARYING);
    else
      for (const { kind, value } of tokenize(piece))
        add(kind === 'number' || (kind === 'word' && !words.has(value)) ? VARYING : value);
  }
  return pieces;
}

/** How many of their known words two lines share: from 0 to 1. */
export function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size + other.size === 0) return 1;
  return (2 * [...one].filter((word) => other.has(word)).length) / (one.size + other.size);
}

/** The known words of a line. */
export function wordsOf(line: string, words: ReadonlySet<string>): ReadonlySet<string> {
  return new Set((line.match(WORD) ?? []).filter((word) => words.has(word)));
}
