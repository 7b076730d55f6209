import { learnNameMask } from './name-mask.js';
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
  time: () => (token) => token.form === 'time',
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
    const most = greatestOf(parts.map(({ number }) => Math.abs(number)));
    return (token) => {
      if (token.form !== 'plain') return false;
      const { number, unit } = partsOf(token);
      // Numbers of several units cannot be held against each other.
      const isInRange = Math.abs(number) <= most || units.size > 1 || !units.has(unit);
      return isInRange && isOfUnit(unit, units);
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

/** How much more than ever seen is no longer chance: what takes a second may take a minute on a busy machine, not a year. */
const RANGE_FACTOR = 1000;

function greatestOf(sizes: readonly number[]): number {
  const positive = sizes.filter((each) => each > 0);
  const least = positive.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const most = positive.reduce((one, other) => Math.max(one, other), 0);
  return most * Math.max(RANGE_FACTOR, most / least);
}
