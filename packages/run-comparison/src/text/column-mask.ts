import type { Alignment } from './alignment-mask.js';
import { learnGap } from './gap-mask.js';
import { learnKnownWords } from './known-words.js';
import { learnNameMask } from './name-mask.js';
import { steadyWords, wordsOf } from './steady-words.js';
import { tokenize } from './tokenize.js';

type Accepts = Alignment['accepts'];

/** What a line of columns may be. */
export interface ColumnMask extends Alignment {
  /** Words and numbers that it holds on to: those that all examples have, but for rows of what varies. */
  readonly steady: readonly string[];
}

interface Columns extends Omit<ColumnMask, 'accepts'> {
  acceptsAll(values: readonly string[]): boolean;
}

/** What one column was in each example. */
type Column = readonly string[];

/** So many columns of one width beside each other are a row of one thing: a dump's bytes, a list of short names. */
const ROW_MIN = 4;
const BLANKS = /([ \t]+|\n$)/;
const WORD = /^[A-Za-z\x80-\xff]+$/;

/**
 * Learn a line of columns whose pieces are now words, now numbers: of `a3 5f 00` nobody knows beforehand which are which. Columns
 * stand between blanks; where these are in them as well (the text beside a dump), between what stands at the same place in
 * lines of one length. One that was always the same is to be so again.
 *
 * @param examples  at least two; all of them are accepted
 * @returns undefined: they have not as many columns
 */
export function learnColumns(examples: readonly string[]): ColumnMask | undefined {
  const [columns, ...others] = [learnBetweenBlanks(examples), learnFixed(examples)].filter(
    (each) => each !== undefined,
  );
  return (
    columns && { ...columns, accepts: (line) => [columns, ...others].some((each) => each.accepts(line)) }
  );
}

function learnBetweenBlanks(examples: readonly string[]): ColumnMask | undefined {
  const pieces = examples.map((line) => line.split(BLANKS));
  const [first = []] = pieces;
  if (pieces.some(({ length }) => length !== first.length)) return undefined;
  const isColumn = (place: number) => place % 2 === 0;
  const all = transposed(pieces);
  const inColumns = all.filter((_, place) => isColumn(place));
  if (inColumns.filter(([value]) => value !== '').length < 2) return undefined;
  if (all.some((each, place) => !isColumn(place) && varies(each) && !each.every(isBlank))) return undefined;
  const columns = learnAll(inColumns);
  const between = all.map((each, place) => (isColumn(place) ? () => true : learnBlanks(each)));
  return {
    ...columns,
    accepts(line) {
      const own = line.split(BLANKS);
      return (
        own.length === first.length &&
        between.every((accepts, place) => accepts(own[place] as string)) &&
        columns.acceptsAll(own.filter((_, place) => isColumn(place)))
      );
    },
  };
}

/** How wide columns are may go by what is in them. */
function learnBlanks(examples: Column): Accepts {
  const [first] = examples;
  return examples.every((each) => each === first) ? (text) => text === first : isBlank;
}

function isBlank(text: string): boolean {
  return /^[ \t]+$/.test(text);
}

/** Of fewer, nobody knows whether they stand at the same place by chance. */
const CUTS_MIN = 4;
/** A mark that is so much of what varies is at the same place by chance. */
const SHARE_MAX = 1 / 16;

/** Of lines of one length: between blanks, and other marks, that stand at the same place in all of them. */
function learnFixed(examples: readonly string[]): ColumnMask | undefined {
  const [first = ''] = examples;
  if (examples.some(({ length }) => length !== first.length)) return undefined;
  const isSame = (place: number) => examples.every((each) => each[place] === first[place]);
  const places = [...Array(first.length).keys()];
  const rest = examples.flatMap((each) => places.flatMap((place) => (isSame(place) ? [] : each[place])));
  const isRare = (mark: string) => rest.filter((each) => each === mark).length <= rest.length * SHARE_MAX;
  const cuts = places.filter((place) => {
    const character = first[place] as string;
    return /[^0-9A-Za-z\x80-\xff]/.test(character) && isSame(place) && isRare(character);
  });
  if (cuts.length < CUTS_MIN) return undefined;
  // A blank in between is a mark like any other.
  const columnsOf = (line: string) =>
    [...cuts, line.length].map((cut, at) =>
      line.slice(at === 0 ? 0 : (cuts[at - 1] as number) + 1, cut).replaceAll(' ', '_'),
    );
  const columns = learnAll(transposed(examples.map(columnsOf)));
  return {
    ...columns,
    accepts: (line) =>
      line.length === first.length &&
      cuts.every((cut) => line[cut] === first[cut]) &&
      columns.acceptsAll(columnsOf(line)),
  };
}

/** What stands in all examples is to be there as well, if it was in another column each time. */
function learnAll(columns: readonly Column[]): Columns {
  const rows = learnRows(columns);
  const masks = columns.map((column, place) => rows.get(place) ?? learnColumn(column));
  const others = (values: readonly string[]) => values.filter((_, place) => !rows.has(place)).join(' ');
  const examples = transposed(columns);
  const steady = steadyWords(examples.map(others));
  const isLoose =
    rows.size === 0 &&
    columns.filter((column) => varies(column) && column.every((value) => WORD.test(value))).length > 1 &&
    columns.every((column) => varies(column) || !/[0-9A-Za-z\x80-\xff]/.test(column[0] as string));
  const known = isLoose ? learnKnownWords(examples.map((values) => tokenize(values.join(' ')))) : undefined;
  return {
    isLoose,
    steady,
    acceptsAll(values) {
      const own = new Set(wordsOf(others(values)));
      return (
        masks.every((accepts, place) => accepts(values[place] as string)) &&
        steady.every((word) => own.has(word)) &&
        known?.(tokenize(values.join(' '))) !== false
      );
    },
  };
}

function learnColumn(column: Column): Accepts {
  const [first] = column;
  if (!varies(column)) return (value) => value === first;
  const accepts = learnGap(column.map(tokenize));
  return (value) => accepts(tokenize(value));
}

/** Columns of one width beside each other have one alphabet: each alone shows too little of it. By place. */
function learnRows(columns: readonly Column[]): ReadonlyMap<number, Accepts> {
  const masks = new Map<number, Accepts>();
  const widths = columns.map(widthOf);
  for (let start = 0; start < columns.length; ) {
    const width = widths[start];
    let end = start + 1;
    while (width !== undefined && widths[end] === width) end++;
    const varying = [...columns.keys()].slice(start, end).filter((place) => varies(columns[place] as Column));
    if (width !== undefined && varying.length >= ROW_MIN) {
      const accepts = learnNameMask(varying.flatMap((place) => columns[place] as Column));
      for (const place of varying) masks.set(place, (value) => value.length === width && accepts(value));
    }
    start = end;
  }
  return masks;
}

/** Undefined: it is not always as wide. */
function widthOf(column: Column): number | undefined {
  const [{ length } = ''] = column;
  return column.every((value) => value.length === length) ? length : undefined;
}

function varies(column: Column): boolean {
  return column.some((value) => value !== column[0]);
}

function transposed(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return (rows[0] ?? []).map((_, place) => rows.map((each) => each[place] as string));
}
