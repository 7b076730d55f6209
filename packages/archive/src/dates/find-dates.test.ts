import { expect, it } from 'vitest';
import { createClock } from './clock.js';
import { findDates } from './find-dates.js';
import { moveDates, recordedDates } from './move-dates.js';

const RECORDED = Date.UTC(2026, 10, 30, 22, 10, 5);
/** A day of one digit, in another month and year. */
const LATER = Date.UTC(2028, 0, 5, 9, 3, 7);
const clockAt = (from: number, seconds = 2) => createClock({ from, to: from + seconds * 1000 });
const recordedClock = clockAt(RECORDED);

const found = (text: string, ...clocks: readonly ReturnType<typeof clockAt>[]) =>
  findDates(text, clocks.length > 0 ? clocks : [recordedClock]).map(({ at, length }) =>
    text.slice(at, at + length),
  );

it.each([
  ['pdfTeX  30 NOV 2026 22:10', ['30 NOV 2026', '22:10']],
  ['built on 2026-11-30', ['2026-11-30']],
  ['2026-11-30T22:10:06.123Z start', ['2026-11-30', '22:10:06']],
  ['Mon Nov 30 22:10:05 UTC 2026', ['Mon', 'Nov 30', '22:10:05', '2026']],
  ['Monday, 30 November 2026, 10:10 PM', ['Monday', '30 November 2026', '10:10 PM']],
  ['30/Nov/2026:22:10:05 +0000', ['30/Nov/2026', '22:10:05']],
  ['/CreationDate (D:20261130221005Z)', ['20261130221005']],
  ['out-20261130-221006.log', ['20261130', '221006']],
  ['1796076605 1796076606.25 1796076605123', ['1796076605', '1796076606', '1796076605']],
  ['November 30, 2026', ['November 30, 2026']],
  ['11/30/26 and 11/30/2026', ['11/30/26', '11/30/2026']],
  ['Copyright 2020-2026 A', ['2026']],
  ['<p>&copy; 2026 B</p>', ['2026']],
  ['20261130T221005Z 20261130_221005', ['20261130', '221005', '20261130', '221005']],
  ['Mon Nov 30 22:10:05 2026', ['Mon', 'Nov 30', '22:10:05', '2026']],
  ['2026 Nov 30', ['2026', 'Nov 30']],
  // What is not the date of the run, or need not be.
  ['20261130 found 221005 rows', ['20261130']],
  ['20261130: 221005 rows', ['20261130']],
  ['2026-11-30 loaded 2026 rows', ['2026-11-30']],
  ['2026-11-30: 2026 rows', ['2026-11-30']],
  ['Nov 30 22:10:05 INFO 2026 rows', ['Nov 30', '22:10:05']],
  ['2026 samples at 22:10', []],
  ['2025-11-30 2026-11-29 22:10', []],
  ['202611307', []],
  ['17960766051', []],
  ['xNov 30x, Monday', []],
  ['22:10\n2026-11-30', ['2026-11-30']],
  ['2026-11-30 12:22:10', ['2026-11-30']],
])('finds in %j the date of the run', (text, dates) => {
  expect(found(text)).toEqual(dates);
});

it('takes for no date what another run printed at another time', () => {
  const text = '2026-11-30 22:10 22:10:05';
  expect(found(text, recordedClock, clockAt(RECORDED + 60_000))).toEqual(['2026-11-30']);
  expect(found(text, recordedClock, clockAt(LATER))).toEqual([]);
});

it('finds in a binary file only what has as many digits each time', () => {
  expect(found('\0 D:20261130221005 30 Nov')).toEqual(['20261130221005']);
});

/** What another run gave, put back to the day of the recorded one. */
function back(recorded: string, text: string, at = LATER) {
  const dates = findDates(recorded, [recordedClock]);
  const had = recordedDates([{ text: recorded, dates }]);
  return moveDates(text, findDates(text, [clockAt(at)], had.byFormat.keys()), had);
}

it.each([
  ['pdfTeX  30 NOV 2026 22:10', 'pdfTeX  5 JAN 2028 09:03', 2],
  ['Mon Nov 30 22:10:05 UTC 2026', 'Wed Jan  5 09:03:08 UTC 2028', 4],
  ['on 30 Nov 2026.', 'on 05 Jan 2028.', 1],
  ['on 30 Nov 2026.', 'on  5 Jan 2028.', 1],
  ['30.11.2026', '5.1.2028', 1],
  ['<p>&copy; 2026 B', '<p>&copy; 2028 B', 1],
  // A constant stays what it is, also where today is like it.
  ['(c) 2026, data of 2026-11-30, at 2026-11-30', '(c) 2026, data of 2026-11-30, at 2028-01-05', 1],
  ['since 2028-01-05: 2026-11-30', 'since 2028-01-05: 2028-01-05', 1],
  ['since 2028-01-05\n2026-11-30\n', 'since 2028-01-05\n2028-01-05\n', 1],
  // Lines that only their times tell from each other.
  ['2026-11-30 22:10:05 a\n2026-11-30 22:10:06 a\n', '2028-01-05 09:03:08 a\n2028-01-05 09:03:09 a\n', 4],
])('puts %j back for %j', (recorded, text, moved) => {
  expect(back(recorded, text)).toEqual({ text: recorded, moved });
});

it.each([
  ['of 2026-11-30', 'of 2028-01-06'],
  ['of 2026-11-30', 'of 05.01.2028'],
  ['of 2026-11-30', 'of 1 2028-01-05'],
  ['2026 samples', '2028 samples'],
  ['of 2026-11-30 at 22:10', 'of 2028-01-05 at 09:05'],
])('does not make %j of %j', (recorded, text) => {
  expect(back(recorded, text).text).not.toBe(recorded);
});

it('leaves a run of the same day as it is', () => {
  const text = 'on 2026-11-30 x\n(c) 2026\n';
  expect(back('on 2026-11-30 y\n(c) 2026\n', text, RECORDED)).toEqual({ text, moved: 0 });
});
