import { splitBase64, tokenize } from './tokenize.js';

/** Stands for what may vary in a line. Texts do not hold it. */
const VARYING = '\0';
const WORD = /(?<![0-9A-Za-z\x80-\xff])[A-Za-z\x80-\xff]+(?![0-9A-Za-z\x80-\xff])/g;

/** Words without digits that are in all texts: a name made at random is in one. */
export function commonWords(texts: readonly Iterable<string>[]): ReadonlySet<string> {
  const [first = new Set<string>(), ...others] = texts.map(
    (lines) => new Set([...lines].flatMap((line) => line.match(WORD) ?? [])),
  );
  return new Set([...first].filter((word) => others.every((each) => each.has(word))));
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
