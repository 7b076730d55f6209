import { learnNameMask } from './name-mask.js';
import { timeShapeOf } from './time-shape.js';
import type { NumberForm, Token } from './tokenize.js';

/** What one word or number of a line may be. */
export type FieldMask = (token: Token) => boolean;

/**
 * Learn what a field may be from what it was. One that was always the same must be so, but for the blanks of its column if
 * these varied; numbers stay numbers of their form and size; names keep their alphabet and length.
 *
 * @param examples  at least one; all of them are accepted
 */
export function learnFieldMask(examples: readonly Token[]): FieldMask {
  const [first] = examples as [Token];
  if (examples.every(({ text }) => text === first.text)) return ({ text }) => text === first.text;
  if (examples.every(({ value }) => value === first.value)) return ({ value }) => value === first.value;
  if (examples.every(({ kind }) => kind === 'number')) return learnNumberMask(examples);
  return nameLike(examples);
}

function nameLike(examples: readonly Token[]): FieldMask {
  const accepts = learnNameMask(examples.map(({ value }) => value));
  return ({ kind, value }) => kind !== 'other' && accepts(value);
}

function learnNumberMask(examples: readonly Token[]): FieldMask {
  const forms = new Set(examples.map(({ form }) => form));
  if (forms.size > 1) return isNumberLike(examples);
  return FORMS[examples[0]?.form ?? 'plain'](examples);
}

const HEX = /^[0-9a-f]+$/i;

/** Digests of decimal digits, or of letters, alone; a time that looks like an address. */
function isNumberLike(examples: readonly Token[]): FieldMask {
  const accepts = learnNameMask(examples.map(({ value }) => value));
  return ({ kind, value }) => (kind === 'number' || HEX.test(value)) && accepts(value);
}

const FORMS: Readonly<Record<NumberForm, (examples: readonly Token[]) => FieldMask>> = {
  time(examples) {
    const shapes = new Set(examples.map(({ value }) => timeShapeOf(value)));
    return ({ form, value }) => form === 'time' && shapes.has(timeShapeOf(value));
  },
  hex(examples) {
    // An address has as many digits as it needs.
    if (examples.every(({ value }) => value.startsWith('0x')))
      return ({ kind, value }) => kind === 'number' && value.startsWith('0x');
    return isNumberLike(examples);
  },
  plain(examples) {
    const parts = examples.map(partsOf);
    const units = new Set(parts.map(({ unit }) => unit));
    if (areNoUnits(units)) return nameLike(examples);
    const isInRange = learnRange(parts.map(({ number }) => number));
    const widths = new Set(examples.map(({ value }) => value.length));
    const isPadded = ({ value }: Token) => /^0\d/.test(value) && widths.has(value.length);
    return (token) => {
      if (token.form !== 'plain') return false;
      const { number, unit } = partsOf(token);
      // Numbers of several units cannot be held against each other.
      return (
        isOfUnit(unit, units) && (units.size > 1 || !units.has(unit) || isInRange(number) || isPadded(token))
      );
    };
  },
};

interface NumberParts {
  readonly number: number;
  readonly unit: string;
}

function partsOf({ value }: Token): NumberParts {
  const [, digits = '', unit = ''] = /^([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(.*)$/s.exec(value) ?? [];
  return { number: Number(digits), unit: unit.trim() };
}

/** What grows from one to the next: `999 ms` and `1.0 s`, `1023B` and `1.0K`. */
const GROWING = /^(?:(?:[num]|\xc2\xb5)?s|secs?|seconds?|m|min|minutes?|h|hours?|[kKMGT]i?B?|B|bytes?)$/;

/** Of `5a`, `3f` and `12`: names that may begin with a digit. */
function areNoUnits(units: ReadonlySet<string>): boolean {
  return units.size > 1 && [...units].some((unit) => /^[a-zA-Z]+$/.test(unit) && !GROWING.test(unit));
}

function isOfUnit(unit: string, known: ReadonlySet<string>): boolean {
  return known.has(unit) || (GROWING.test(unit) && [...known].some((each) => GROWING.test(each)));
}

/** How much more, or less, than ever seen is no longer chance: what takes a second may take a minute on a busy machine, not a year. */
const RANGE_FACTOR = 1000;
/** Fractions that differ by less than this share of them are one number, computed in another order: no clock is so even. */
const NOISE_SHARE = 1e-6;

/** A number of three digits may be 0 next; one of thousands is not, nor is one of which only the last digits vary. */
function learnRange(numbers: readonly number[]): (number: number) => boolean {
  const sizes = numbers.map(Math.abs);
  const greatest = greatestOf(sizes);
  const [lowest, highest] = [-greatestOf(numbers.map((each) => -each)), greatestOf(numbers)];
  const spread = highest - lowest;
  if (spread <= NOISE_SHARE * greatest && !numbers.every(Number.isInteger)) {
    const slack = RANGE_FACTOR * spread;
    return (number) => number >= lowest - slack && number <= highest + slack;
  }
  const least = -greatestOf(sizes.flatMap((each) => (each > 0 ? -each : [])));
  const factor = Math.max(RANGE_FACTOR, greatest / least);
  const fewest = sizes.includes(0) ? 0 : Math.floor(least / factor);
  return (number) => Math.abs(number) <= greatest * factor && Math.abs(number) >= fewest;
}

function greatestOf(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
}
