/** A moment, and what a clock on the wall shows then. */
export interface Moment {
  /** Milliseconds since 1970, UTC. */
  readonly time: number;
  /** Its fields of UTC are those of the wall. */
  readonly wall: Date;
}

interface Directive {
  /** A regular expression of what it may give. */
  readonly pattern: string;
  readonly spell: (moment: Moment) => string;
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const twoDigits = (spell: (wall: Date) => number, fill = '0'): Directive => ({
  pattern: fill === '0' ? String.raw`\d\d` : String.raw`[ \d]\d`,
  spell: ({ wall }) => `${spell(wall)}`.padStart(2, fill),
});
const plain = (spell: (wall: Date) => number): Directive => ({
  pattern: String.raw`\d\d?`,
  spell: ({ wall }) => `${spell(wall)}`,
});
const named = (names: readonly string[], at: (wall: Date) => number): Directive => ({
  pattern: `(?:${names.join('|')})`,
  spell: ({ wall }) => names[at(wall)] as string,
});

const short = (names: readonly string[]) => names.map((name) => name.slice(0, 3));
const upper = (names: readonly string[]) => names.map((name) => name.toUpperCase());
const year = (wall: Date) => wall.getUTCFullYear();
const month = (wall: Date) => wall.getUTCMonth();
const monthNumber = (wall: Date) => month(wall) + 1;
const day = (wall: Date) => wall.getUTCDate();
const weekday = (wall: Date) => wall.getUTCDay();
const hour = (wall: Date) => wall.getUTCHours();
const halfDayHour = (wall: Date) => hour(wall) % 12 || 12;

const DIRECTIVES: ReadonlyMap<string, Directive> = new Map([
  ['%Y', { pattern: String.raw`\d{4}`, spell: ({ wall }: Moment) => `${year(wall)}` }],
  ['%y', twoDigits((wall) => year(wall) % 100)],
  ['%m', twoDigits(monthNumber)],
  ['%-m', plain(monthNumber)],
  ['%d', twoDigits(day)],
  ['%-d', plain(day)],
  ['%e', twoDigits(day, ' ')],
  ['%B', named(MONTHS, month)],
  ['%b', named(short(MONTHS), month)],
  ['%^B', named(upper(MONTHS), month)],
  ['%^b', named(upper(short(MONTHS)), month)],
  ['%A', named(DAYS, weekday)],
  ['%a', named(short(DAYS), weekday)],
  ['%H', twoDigits(hour)],
  ['%I', twoDigits(halfDayHour)],
  ['%-I', plain(halfDayHour)],
  ['%M', twoDigits((wall) => wall.getUTCMinutes())],
  ['%S', twoDigits((wall) => wall.getUTCSeconds())],
  ['%p', { pattern: '[AP]M', spell: ({ wall }: Moment) => (hour(wall) < 12 ? 'AM' : 'PM') }],
  ['%s', { pattern: String.raw`\d{10}`, spell: ({ time }: Moment) => `${Math.floor(time / 1000)}` }],
]);

const DIRECTIVE = /%[-^]?[A-Za-z]/g;

/**
 * A moment in a format of strftime(3), in the locale C. Directives that are not known stand for themselves.
 *
 * @example spellDate('%-d %^b %Y', momentAt(Date.UTC(2026, 10, 30))) // '30 NOV 2026'
 */
export function spellDate(format: string, moment: Moment): string {
  return format.replace(DIRECTIVE, (each) => DIRECTIVES.get(each)?.spell(moment) ?? each);
}

/**
 * Where a date may stand in a text that is written in a format: not within a longer number, word or time of day.
 *
 * @example 'v1 20261130' .match(datePattern('%Y%m%d')) // ['20261130']
 */
export function datePattern(format: string): RegExp {
  const pattern = format
    .split(/(%[-^]?[A-Za-z])/)
    .map((each) => DIRECTIVES.get(each)?.pattern ?? each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('');
  return new RegExp(`${before(format)}${pattern}${after(format)}`, 'gm');
}

const NAME = /[aAbBp]$/;

function before(format: string): string {
  // A blank that fills a column stands after another one: that of `on 5 May` parts words.
  if (format.startsWith('%e')) return String.raw`(?<=^|\s|(?=\d\d)(?<!\d))`;
  const [first = ''] = format.match(DIRECTIVE) ?? [];
  return NAME.test(first) ? '(?<![A-Za-z])' : String.raw`(?<!\d|(?<!\d)\d\d?[:.])`;
}

function after(format: string): string {
  // Milliseconds and smaller follow at once.
  if (format === '%s') return String.raw`(?=(?:\d{3}){0,3}(?!\d))`;
  const last = format.match(DIRECTIVE)?.at(-1) ?? '';
  if (NAME.test(last)) return '(?![A-Za-z])';
  // Without the seconds that follow it is another time of day.
  return last === '%M' ? String.raw`(?!\d|:\d)` : String.raw`(?!\d)`;
}

/** @param timeZone  a name of the IANA's. Default UTC */
export function momentAt(time: number, timeZone?: Intl.DateTimeFormat): Moment {
  if (timeZone === undefined) return { time, wall: new Date(time) };
  const parts = new Map(timeZone.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const at = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return {
    time,
    wall: new Date(Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second'))),
  };
}
