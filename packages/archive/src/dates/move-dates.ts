import type { DateField } from './find-dates.js';

export interface MoveOptions {
  /** By format: what recorded runs had. What has none stays. */
  readonly recorded: ReadonlyMap<string, readonly string[]>;
  /** Of recorded runs: a line that can be one of them becomes it. What only looks like a date stays in it. */
  readonly lines: ReadonlySet<string>;
}

export interface Moved {
  readonly text: string;
  /** How many dates became recorded ones. */
  readonly moved: number;
}

/**
 * A text as it would be had it been written when the recorded one was: its dates are put back, and nothing else.
 *
 * @param fields  of the text, sorted by place
 * @example moveDates('on 2030-01-02', findDates(…), { recorded: new Map([['%Y-%m-%d', ['2026-11-30']]]), lines: new Set() })
 * // { text: 'on 2026-11-30', moved: 1 }
 */
export function moveDates(text: string, fields: readonly DateField[], options: MoveOptions): Moved {
  let moved = 0;
  let start = 0;
  let next = 0;
  const lines = text.split('\n').map((line) => {
    const own: DateField[] = [];
    for (let field = fields[next]; field && field.at < start + line.length; field = fields[++next])
      own.push({ ...field, at: field.at - start });
    start += line.length + 1;
    const back = moveLine(line, own, options);
    moved += back.moved;
    return back.text;
  });
  return { text: lines.join('\n'), moved };
}

/** Of a line with more dates, not each way to put them back is tried. */
const TRIED_DATES_MAX = 6;

function moveLine(line: string, fields: readonly DateField[], { recorded, lines }: MoveOptions): Moved {
  const choices = fields.map(({ at, length, formats }) => {
    const own = line.slice(at, at + length);
    const puts = formats.flatMap((format) => recorded.get(format) ?? []);
    // The blank before `5 May` fills a column, or parts words.
    const filled = own.startsWith(' ') ? puts.map((put) => ` ${put}`) : [];
    return puts.includes(own) ? [own] : [...new Set([...puts, ...filled, own])];
  });
  const join = (chosen: readonly string[]): Moved => {
    const pieces: string[] = [];
    let from = 0;
    let moved = 0;
    for (const [index, { at, length }] of fields.entries()) {
      const put = chosen[index] as string;
      pieces.push(line.slice(from, at), put);
      from = at + length;
      if (put !== line.slice(at, from)) moved++;
    }
    return { text: pieces.join('') + line.slice(from), moved };
  };
  if (fields.length <= TRIED_DATES_MAX)
    for (const chosen of product(choices)) {
      const tried = join(chosen);
      if (lines.has(tried.text)) return tried;
    }
  return join(choices.map(([put]) => put as string));
}

function* product(choices: readonly (readonly string[])[]): Generator<readonly string[]> {
  const [first, ...others] = choices;
  if (first === undefined) return yield [];
  for (const each of first) for (const rest of product(others)) yield [each, ...rest];
}

/** By format, what recorded texts have. */
export function recordedDates(
  texts: readonly { readonly text: string; readonly dates: readonly DateField[] }[],
): ReadonlyMap<string, readonly string[]> {
  const recorded = new Map<string, string[]>();
  for (const { text, dates } of texts)
    for (const { at, length, formats } of dates)
      for (const format of formats) {
        const known = recorded.get(format) ?? [];
        const own = text.slice(at, at + length);
        if (!known.includes(own)) recorded.set(format, [...known, own]);
      }
  return recorded;
}
