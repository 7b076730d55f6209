import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { createClock, timeZoneOf } from './clock.js';
import { PART_FORMATS, WHOLE_FORMATS } from './date-formats.js';
import { datePattern, momentAt, spellDate } from './spell-date.js';

const FORMATS = [...WHOLE_FORMATS, ...PART_FORMATS];
/** Each month, days of one and two digits, each weekday, hours before and after noon, a leap day. */
const TIMES = [
  ...Array.from({ length: 24 }, (_, index) =>
    Date.UTC(2026, index % 12, 3 + index, index, 7 * (index % 9), index),
  ),
  ...[Date.UTC(2028, 1, 29, 12, 0, 0), Date.UTC(2030, 0, 1, 0, 0, 0), Date.UTC(2029, 11, 31, 23, 59, 59)],
];

it('spells as date(1) does, in every format', () => {
  const input = TIMES.map((time) => `@${time / 1000}\n`).join('');
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const said = execFileSync('date', ['-f', '-', `+${FORMATS.join('%n')}`], { input, env, encoding: 'utf8' });
  const spelled = TIMES.flatMap((time) => FORMATS.map((format) => spellDate(format, momentAt(time))));
  expect(said.trimEnd().split('\n')).toEqual(spelled.join('\n').trimEnd().split('\n'));
});

it('finds what it spelled, and nothing within a longer number or word', () => {
  for (const format of FORMATS)
    for (const time of TIMES) {
      const text = spellDate(format, momentAt(time));
      const found = (around: string) => [...around.matchAll(datePattern(format))].map(([each]) => each);
      expect(found(text), format).toContain(text);
      expect(found(`(at ${text}, or so)`), format).toContain(text);
      const [before, after] = [/^[\d ]/.test(text) ? '9' : 'x', /\d$/.test(text) ? '9' : 'x'];
      if (!text.startsWith(' ')) expect(found(before + text), format).not.toContain(text);
      expect(found(text + after), format).not.toContain(text);
    }
});

it('knows what a clock shows in UTC and in the time zone of a program', () => {
  const time = Date.UTC(2026, 10, 30, 23, 30);
  const days = (timeZone?: string) => [
    ...createClock({ from: time, to: time + 1, ...(timeZone && { timeZone }) }).spellings('%d.%m.%Y'),
  ];
  expect(days()).toEqual(['30.11.2026']);
  expect(days('Europe/Berlin')).toEqual(['30.11.2026', '01.12.2026']);
  expect(days('No/Where')).toEqual(['30.11.2026']);
  // A run of a day: not each second is looked at, but its beginning and end are.
  const long = createClock({ from: time, to: time + 24 * 3600 * 1000 });
  expect(long.spellings('%H:%M:%S').size).toBeLessThan(4000);
  expect([...long.spellings('%d %b')]).toEqual(['30 Nov', '01 Dec']);
});

it.each([
  [['TZ=Europe/Berlin'], 'Europe/Berlin'],
  [['TZ=Europe/Berlin', 'A=b', 'TZ=:Asia/Tokyo'], 'Asia/Tokyo'],
  [['TZ=UTC'], undefined],
  [['TZ=Etc/UTC'], undefined],
  [['TZ='], undefined],
  [['TZ=CET-1CEST,M3.5.0,M10.5.0/3'], undefined],
  [['TZ=../../etc/passwd'], undefined],
  [[], undefined],
])('reads the time zone of %j', (variables, zone) => {
  expect(timeZoneOf(variables)).toBe(zone);
});
