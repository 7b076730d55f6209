import { type Multiset, toMultiset } from './multiset.js';
import { sameEnd, sameStart } from './same-end.js';

/** What a text may be of which some examples have nothing in common that has a place. */
export type NameMask = (text: string) => boolean;

/** Letters of one kind, or one mark. Bytes from 0x80 on are letters of any language. */
const CLASSES: readonly RegExp[] = [/[0-9]/, /[a-z]/, /[A-Z]/, /[\x80-\xff]/];
const HIGH = 3;
const MARK = /[^0-9A-Za-z\x80-\xff]/g;
/** Blanks as well: they end words. */
const UNPRINTABLE = /[^!-~\x80-\xff]/g;
/** RFC 4648: of what has letters of both cases and digits, marks may not have shown yet. */
const BASE64_MARKS = ['+', '/', '=', '-', '_'];
/** Of Python's names of temporary files. */
const TEMPFILE_MARKS = ['_'];
/** With so many kinds of marks, or fewer of which one came once, a text is one of any characters: the next one has others. */
const KINDS_OF_ANY_TEXT = 8;
const KINDS_WITH_RARE = 3;
/** So many letters and digits of which none is above `f` are no other alphabet's by chance: 1 of 10 000 for (22/36)^19. */
const HEX_EXAMPLES = 19;
/** So many characters at the start or the end are not the same by chance: 1 of 10 000 for ten digits. */
const SAME_END_LENGTH = 4;

/**
 * Learn from names, keys and the like (made at random, each another one) what they have in common: alphabet, length, and how
 * they begin and end.
 *
 * @param examples  at least one; all of them are accepted
 */
export function learnNameMask(examples: readonly string[]): NameMask {
  const isOfAlphabet = learnAlphabet(examples);
  const [least, most] = lengthsOf(examples);
  const start = unlessChance(withoutLastRun(sameStart(examples)));
  const end = unlessChance(withoutFirstRun(sameEnd(examples)));
  return (text) =>
    text.length >= Math.max(least, start.length, end.length) &&
    text.length <= most &&
    isOfAlphabet(text) &&
    text.startsWith(start) &&
    text.endsWith(end);
}

function learnAlphabet(examples: readonly string[]): (text: string) => boolean {
  const all = examples.join('');
  const seen = CLASSES.map((each) => each.test(all));
  const [hasDigits, hasLower, hasUpper] = seen;
  const counts = toMultiset(all.match(MARK) ?? []);
  const marks = new Set(counts.keys());
  const hasAnyMark = isOfAnyText(counts);
  // Few letters among any marks do not show both cases either; where there was none, none is let in.
  const hasAnyLetter = hasAnyMark && (hasLower || hasUpper);
  const classes = seen.map((each, place) => each || (hasAnyLetter && place !== HIGH));
  const mayBe = (mark: string) => marks.has(mark) || (hasAnyMark && mark.search(UNPRINTABLE) < 0);
  if (hasDigits && hasLower) for (const mark of hasUpper ? BASE64_MARKS : TEMPFILE_MARKS) marks.add(mark);
  const isHex = hasDigits && all.length >= HEX_EXAMPLES && /^[0-9a-f\W_]+$|^[0-9A-F\W_]+$/.test(all);
  return (text) =>
    CLASSES.every((each, place) => classes[place] || !each.test(text)) &&
    (text.match(MARK) ?? []).every(mayBe) &&
    !(isHex && /[g-zG-Z]/.test(text));
}

/** Random text has marks that no few examples show. */
function isOfAnyText(marks: Multiset): boolean {
  const printable = [...marks].filter(([mark]) => mark.search(UNPRINTABLE) < 0);
  const hasRare = printable.some(([, count]) => count === 1);
  return printable.length >= (hasRare ? KINDS_WITH_RARE : KINDS_OF_ANY_TEXT);
}

/** What has lengths that differ by so much are words, of which one may be short. */
const SPREAD_OF_WORDS = 2;

/**
 * Numbers lose zeros at their start: a quarter more or less, or as much as the examples differ; words are of any length. What was
 * never empty is not.
 */
function lengthsOf(examples: readonly string[]): readonly [least: number, most: number] {
  const lengths = examples.map(({ length }) => length);
  const shortest = lengths.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  const longest = lengths.reduce((most, each) => Math.max(most, each), 0);
  const spread = longest - shortest;
  const slack = Math.max(2, Math.ceil(longest / 4), spread);
  const least = spread >= SPREAD_OF_WORDS ? 1 : Math.max(1, shortest - slack);
  return [Math.min(shortest, least), longest + slack];
}

/** Of one character again and again (a bar, a rule), nobody knows how often it comes. */
function withoutFirstRun(text: string): string {
  let start = 0;
  while (start + 1 < text.length && text[start + 1] === text[0]) start++;
  return start === 0 ? text : text.slice(start + 1);
}

function withoutLastRun(text: string): string {
  let end = text.length;
  while (end > 1 && text[end - 2] === text.at(-1)) end--;
  return end === text.length ? text : text.slice(0, end - 1);
}

function unlessChance(end: string): string {
  return end.length < SAME_END_LENGTH ? '' : end;
}
