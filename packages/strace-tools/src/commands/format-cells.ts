import { type Program, printPath } from '@keepset/strace-parser';

/** Seconds with six places: strace's own microseconds. */
export function seconds(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(6);
}

/** Zeros only hide what is there. */
export function count(value: number): string {
  return value === 0 ? '' : String(value);
}

export function shownPath(bytes: string | undefined): string {
  return bytes === undefined ? '' : printPath(bytes);
}

/** A program's command line, in one line. */
export function commandOf(program: Program | undefined): string {
  if (program === undefined) return '';
  return printPath(program.argv.length > 0 ? program.argv.join(' ') : program.path);
}
