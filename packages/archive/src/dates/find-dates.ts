import type { Clock } from './clock.js';
import { isOfFixedLength, PART_FORMATS, WHOLE_FORMATS, YEAR_FORMAT } from './date-formats.js';
import { datePattern } from './spell-date.js';

/** Where a text has the date of the run that wrote it, or the time of day. */
export interface DateField {
  /** Of its first byte, from 0. */
  readonly at: number;
  readonly length: number;
  /** Of strftime(3): each gives this text. On another day they may not be the same. */
  readonly formats: readonly string[];
}

/** A log with a date in each line has more; `check.sh` looks at one after the other. */
export const DATES_MAX = 500;

/** How far a time of day, a weekday or a year may be from its date, in bytes of the same line. */
const BESIDE_BYTES = 40;
/** Digits without marks can be any number, so they are a time of day only where they follow the date at once. */
const BARE_TIME_FORMAT = '%H%M%S';
const TO_BARE_TIME = /^[T_ .:-]?$/;
/** Between day and month and the year that follows, as asctime(3) and date(1) print it: a time of day and its zone. */
const TO_YEAR =
  /^,? \d\d?:\d\d(?::\d\d)?(?: [AP]M)?(?: (?:UTC|GMT|BST|MSK|SGT|SAST|[CEW]ES?T|[CEMPA][SD]T|[IJKH]ST|AE[SD]T|NZ[SD]T|[+-]\d\d(?:\d\d)?))? $/;
const FROM_YEAR = /^[ ./-]$/;
const COPYRIGHT = /\(c\)|copyright|\xa9|&copy;/i;
/** With fewer, one looks first whether the text has any of them at all. */
const FEW = 16;

/**
 * Find what in a text (a byte string) is the date of the run that wrote it: what each of the clocks could show.
 *
 * @param clocks   of all runs that wrote this text. At least one
 * @param formats  that are looked for. Default all that are known
 * @returns        sorted by place; none within another
 * @example findDates('built on 2026-11-30\n', [clock]) // [{ at: 9, length: 10, formats: ['%Y-%m-%d'] }]
 */
export function findDates(
  text: string,
  clocks: readonly Clock[],
  formats: Iterable<string> = [...WHOLE_FORMATS, ...PART_FORMATS],
): readonly DateField[] {
  const isBinary = text.includes('\0');
  const fields = new Map<string, { at: number; length: number; formats: string[] }>();
  const wholes = new Map<string, boolean>();
  const wanted = [...formats].filter((format) => !isBinary || isOfFixedLength(format));
  const parts: ReadonlySet<string> = new Set(PART_FORMATS);
  for (const format of wanted.sort((one, other) => Number(parts.has(one)) - Number(parts.has(other)))) {
    const isPart = parts.has(format);
    for (const [spelled, at] of occurrences(text, format, clocks)) {
      if (isPart && !isBesideDate(text, { at, length: spelled.length, format, wholes })) continue;
      if (!isPart) wholes.set(spelled, /%[Yys]/.test(format));
      const key = `${at} ${spelled.length}`;
      const field = fields.get(key) ?? { at, length: spelled.length, formats: [] };
      field.formats.push(format);
      fields.set(key, field);
    }
  }
  let end = 0;
  return [...fields.values()]
    .sort((one, other) => one.at - other.at || other.length - one.length)
    .filter(({ at, length }) => {
      if (at < end) return false;
      end = at + length;
      return true;
    });
}

function occurrences(
  text: string,
  format: string,
  clocks: readonly Clock[],
): readonly (readonly [spelled: string, at: number])[] {
  const [first = new Set<string>(), ...others] = clocks.map((clock) => clock.spellings(format));
  const spelled = [...first].filter((each) => others.every((other) => other.has(each)));
  if (spelled.length <= FEW && !spelled.some((each) => text.includes(each))) return [];
  const isSpelled = new Set(spelled);
  return [...text.matchAll(datePattern(format))].flatMap(({ 0: found, index }) =>
    isSpelled.has(found) ? [[found, index] as const] : [],
  );
}

interface Part {
  readonly at: number;
  readonly length: number;
  readonly format: string;
  /** Dates of the text, and whether they have a year. */
  readonly wholes: ReadonlyMap<string, boolean>;
}

function isBesideDate(text: string, { at, length, format, wholes }: Part): boolean {
  const before = text.slice(Math.max(0, at - BESIDE_BYTES), at).replace(/^.*[\r\n]/s, '');
  const after = text.slice(at + length, at + length + BESIDE_BYTES).replace(/[\r\n].*$/s, '');
  if (format === YEAR_FORMAT && COPYRIGHT.test(before)) return true;
  return [...wholes].some(([whole, hasYear]) => {
    const [from, to] = [before.lastIndexOf(whole), after.indexOf(whole)];
    const since = before.slice(from + whole.length);
    if (format === BARE_TIME_FORMAT) return from !== -1 && TO_BARE_TIME.test(since);
    if (format !== YEAR_FORMAT) return from !== -1 || to !== -1;
    if (hasYear) return false;
    return (from !== -1 && TO_YEAR.test(since)) || (to !== -1 && FROM_YEAR.test(after.slice(0, to)));
  });
}
