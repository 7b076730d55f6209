// How programs write dates: formats of strftime(3), in the locale C. `check.sh` gives them to date(1).

const MONTH_NAMES = ['%b', '%B', '%^b', '%^B'];

/** `MONTH` stands for each of its names. */
const WITH_NAMES = [
  ...[
    '%d MONTH %Y',
    '%-d MONTH %Y',
    '%e MONTH %Y',
    '%d-MONTH-%Y',
    '%-d-MONTH-%Y',
    '%d/MONTH/%Y',
    '%dMONTH%Y',
  ],
  ...['MONTH %d, %Y', 'MONTH %-d, %Y', 'MONTH %e, %Y', 'MONTH %d %Y', 'MONTH %-d %Y', 'MONTH %e %Y'],
  ...['MONTH %d', 'MONTH %-d', 'MONTH %e', '%d MONTH', '%-d MONTH'],
];

/** What can be nothing but a date: on its own it is one. */
export const WHOLE_FORMATS: readonly string[] = [
  ...['%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d', '%Y%m%d', '%Y%m%d%H%M', '%Y%m%d%H%M%S', '%s'],
  ...['%d.%m.%Y', '%-d.%-m.%Y', '%d/%m/%Y', '%-d/%-m/%Y', '%d-%m-%Y', '%d.%m.%y'],
  ...['%m/%d/%Y', '%-m/%-d/%Y', '%m-%d-%Y', '%m/%d/%y'],
  ...WITH_NAMES.flatMap((format) => MONTH_NAMES.map((name) => format.replace('MONTH', name))),
];

/** A year is one beside a date, and after the word for copyright. */
export const YEAR_FORMAT = '%Y';

/** What is part of a date only where one is beside it. */
export const PART_FORMATS: readonly string[] = [
  ...['%H:%M:%S', '%H:%M', '%I:%M:%S %p', '%I:%M %p', '%-I:%M:%S %p', '%-I:%M %p', '%H%M%S', '%a', '%A'],
  YEAR_FORMAT,
];

/** Of as many digits each time: nothing in a binary file moves where one takes the place of another. */
export function isOfFixedLength(format: string): boolean {
  return !/%[^YymdHMSs]/.test(format);
}
