import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createClock } from '../dates/clock.js';
import { findDates } from '../dates/find-dates.js';
import { EXPECT_TODAY } from './date-script.js';
import { shellWord } from './quote.js';
import { expectedWords } from './service-script.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-dates-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RECORDED = Date.UTC(2026, 10, 30, 22, 10, 5);
const LATER = Date.UTC(2028, 0, 5, 9, 3, 7);

/** What is expected of a run from LATER on, for two seconds, where a recorded one gave the first. */
function expected(recorded: string, given: string, timeZone = 'UTC'): { text: string; dated: string } {
  writeFileSync(join(folder, 'copy'), recorded, 'latin1');
  writeFileSync(join(folder, 'file'), given, 'latin1');
  const dates = findDates(recorded, [createClock({ from: RECORDED, to: RECORDED + 2000, timeZone })]);
  const words = expectedWords({ sha256: '', sizeBytes: 0, at: 'copy', dates }).replace(/^ 'copy' ?/, '');
  const script = `set -u
date() { if [ "$*" = +%s ]; then echo ${LATER / 1000 + 2}; else command date "$@"; fi; }
work=${shellWord(folder)} here=$work copy=copy file=$work/file zone=${timeZone} began=${LATER / 1000}
${EXPECT_TODAY}
expect_today ${words}
echo "$dated"`;
  const dated = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trim();
  return { text: readFileSync(join(folder, 'expected'), 'latin1'), dated };
}

it.each([
  ['pdfTeX  30 NOV 2026 22:10\n', 'pdfTeX  5 JAN 2028 09:03\n', '2'],
  ['Mon Nov 30 22:10:05 UTC 2026\n', 'Wed Jan  5 09:03:09 UTC 2028\n', '4'],
  ['on 30 Nov 2026.', 'on 05 Jan 2028.', '1'],
  ['on 30 Nov 2026.', 'on  5 Jan 2028.', '1'],
  ['2026-11-30', '2028-01-05', '1'],
  ['(c) 2026, at 2026-11-30', '(c) 2026, at 2028-01-05', '1'],
  ['\xff"$(id)` \\ 2026-11-30\r\n\n', '\xff"$(id)` \\ 2028-01-05\r\n\n', '1'],
  ['no date\n', 'no date\n', '0'],
])('expects of %j, which gave %j, what it gave', (recorded, given, dated) => {
  expect(expected(recorded, given)).toEqual({ text: given, dated });
});

it.each([
  ['on 2026-11-30\n', 'on 2028-01-06\n'],
  ['on 2026-11-30 at 22:10\n', 'on 2028-01-05 at 09:04\n'],
  ['on 2026-11-30\n', 'on 2028-01-05'],
  ['on 2026-11-30\n', 'on 2028\0-01-05\n'],
  ['on 2026-11-30\n', 'on *\n'],
  ['on 2026-11-30\n', ''],
])('expects of %j something else than %j', (recorded, given) => {
  expect(expected(recorded, given).text).not.toBe(given);
});

it('knows the time zone of a run', () => {
  const zone = 'Asia/Tokyo';
  expect(expected('on 2026-12-01 at 07:10\n', 'on 2028-01-05 at 18:03\n', zone).dated).toBe('2');
});
