import { DATES_MAX, type DateField } from './find-dates.js';

/** What recorded texts have. */
export interface RecordedDates {
  /** By format. What has none stays. */
  readonly byFormat: ReadonlyMap<string, readonly string[]>;
  /** A line that is one of them stays, also what only looks like a date in it. */
  readonly lines: ReadonlySet<string>;
  /** Those with dates, in their order: a line that can be one of them becomes it. */
  readonly datedLines: readonly string[];
}

export interface Moved {
  readonly text: string;
  /** How many dates became recorded ones. */
  readonly moved: number;
}

/** Of a text that is like no recorded one, not each way to put it back is tried. */
const TRIES_MAX = 1_000_000;

/**
 * A text as it would be had it been written when the recorded one was: its dates are put back, and nothing else.
 *
 * @param fields  of the text, sorted by place
 * @example moveDates('on 2030-01-02', findDates(…), recordedDates([{ text: 'on 2026-11-30', dates }]))
 * // { text: 'on 2026-11-30', moved: 1 }
 */
export function moveDates(text: string, fields: readonly DateField[], recorded: RecordedDates): Moved {
  const { lines, datedLines } = recorded;
  const choicesOf = createChoices(recorded);
  let moved = 0;
  let tries = 0;
  // Lines come in the order of the recorded ones: the next is looked at first.
  let next = 0;
  const back = linesOf(text, fields).map(({ line, own }) => {
    if (own.length === 0 || lines.has(line)) return line;
    const choices = own.map((field) => choicesOf(line.slice(field.at, field.at + field.length), field));
    const moveable = { line, fields: own, choices };
    for (let step = 0; step < datedLines.length && tries < TRIES_MAX && own.length <= DATES_MAX; step++) {
      tries++;
      const index = (next + step) % datedLines.length;
      const other = datedLines[index] as string;
      const count = movesTo(other, moveable);
      if (count === undefined) continue;
      next = index + 1;
      moved += count;
      return other;
    }
    const put = putFirst(moveable);
    moved += put.moved;
    return put.text;
  });
  return { text: back.join('\n'), moved };
}

/** What may stand in the place of a date: the first where no recorded line says which. */
interface Choices {
  readonly first: string;
  readonly all: ReadonlySet<string>;
  readonly lengths: readonly number[];
}

function createChoices({ byFormat }: RecordedDates) {
  const known = new Map<string, Choices>();
  return (own: string, { formats }: DateField): Choices => {
    const key = [own, ...formats].join('\0');
    const made =
      known.get(key) ?? toChoices(own, [...new Set(formats.flatMap((each) => byFormat.get(each) ?? []))]);
    known.set(key, made);
    return made;
  };
}

function toChoices(own: string, puts: readonly string[]): Choices {
  // The blank before `5 May` fills a column, or parts words.
  const filled = own.startsWith(' ') ? puts.map((put) => ` ${put}`) : [];
  const all = new Set([...puts, ...filled, own]);
  const first = puts.includes(own) ? own : (puts[0] ?? own);
  return { first, all, lengths: [...new Set([...all].map(({ length }) => length))] };
}

interface Moveable {
  readonly line: string;
  readonly fields: readonly DateField[];
  readonly choices: readonly Choices[];
}

/** How many dates of a line are others in a recorded one that it can be. Undefined: it cannot. */
function movesTo(
  other: string,
  { line, fields, choices }: Moveable,
  index = 0,
  place = 0,
): number | undefined {
  const before = fields[index - 1];
  const from = before === undefined ? 0 : before.at + before.length;
  const field = fields[index];
  const between = line.slice(from, field?.at);
  if (!other.startsWith(between, place)) return undefined;
  const at = place + between.length;
  if (field === undefined) return at === other.length ? 0 : undefined;
  const { all, lengths } = choices[index] as Choices;
  for (const length of lengths) {
    const put = other.slice(at, at + length);
    const rest = all.has(put) ? movesTo(other, { line, fields, choices }, index + 1, at + length) : undefined;
    if (rest !== undefined) return rest + Number(put !== line.slice(field.at, field.at + field.length));
  }
  return undefined;
}

function putFirst({ line, fields, choices }: Moveable): Moved {
  const pieces: string[] = [];
  let from = 0;
  let moved = 0;
  for (const [index, { at, length }] of fields.entries()) {
    const { first } = choices[index] as Choices;
    pieces.push(line.slice(from, at), first);
    from = at + length;
    if (first !== line.slice(at, from)) moved++;
  }
  return { text: pieces.join('') + line.slice(from), moved };
}

export function recordedDates(
  texts: readonly { readonly text: string; readonly dates: readonly DateField[] }[],
): RecordedDates {
  const byFormat = new Map<string, string[]>();
  const all = texts.flatMap(({ text, dates }) => linesOf(text, dates));
  for (const { line, own } of all)
    for (const { at, length, formats } of own)
      for (const format of formats) {
        const known = byFormat.get(format) ?? [];
        const date = line.slice(at, at + length);
        if (!known.includes(date)) known.push(date);
        byFormat.set(format, known);
      }
  return {
    byFormat,
    lines: new Set(all.map(({ line }) => line)),
    datedLines: all.flatMap(({ line, own }) => (own.length > 0 ? [line] : [])),
  };
}

/** Each line, with the fields in it, by their places there. */
function linesOf(text: string, fields: readonly DateField[]) {
  let start = 0;
  let next = 0;
  return text.split('\n').map((line) => {
    const own: DateField[] = [];
    for (let field = fields[next]; field && field.at < start + line.length; field = fields[++next])
      own.push({ ...field, at: field.at - start });
    start += line.length + 1;
    return { line, own };
  });
}
