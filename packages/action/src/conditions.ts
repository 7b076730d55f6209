import { ActionError } from './action-error.js';
import type { Changes, Facts } from './facts.js';

/** When a pipeline is to fail, although the image could be made. */
export interface Condition {
  /** As it was written. */
  readonly text: string;
  /** Undefined: nothing to compare with. */
  readonly holds: (facts: Facts, changes: Changes | undefined) => boolean | undefined;
}

const FORMS = 'size > 200MB, ratio > 30%, growth > 5%, growth > 10MB, verdict != verified';
const VERDICTS: readonly string[] = ['verified', 'verified in part', 'not verified'];
const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, '%': 0.01 };

const COMPARE: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
};

/**
 * Read conditions, one a line or separated by commas: a name, an operator and a value. Sizes have decimal units; a
 * `growth` in percent is one of the size before.
 *
 * @example parseConditions('size > 200MB, verdict != verified').map(({ text }) => text) // ['size > 200MB', 'verdict != verified']
 * @throws ActionError
 */
export function parseConditions(text: string): readonly Condition[] {
  return text
    .split(/[\n,]/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map(parseCondition);
}

function parseCondition(text: string): Condition {
  const [, name, operator = '', value = ''] = /^(\w+)\s*(>=|<=|!=|>|<|=)\s*(.*)$/.exec(text) ?? [];
  if (name === 'verdict' && VERDICTS.includes(value) && (operator === '=' || operator === '!='))
    return { text, holds: ({ verdict }) => (verdict === value) === (operator === '=') };
  const compare = COMPARE[operator];
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*(%|[KMG]?B)?$/i.exec(value) ?? [];
  const isShare = unit === '%';
  const limit = Number(digits) * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  if (compare !== undefined && digits !== undefined) {
    if (name === 'size' && !isShare) return { text, holds: ({ result }) => compare(result.sizeBytes, limit) };
    if (name === 'ratio' && (isShare || unit === ''))
      return { text, holds: ({ ratio }) => compare(ratio, limit) };
    if (name === 'growth')
      return {
        text,
        holds: (_, changes) =>
          changes && compare(changes.growth, isShare ? limit * changes.before.result.sizeBytes : limit),
      };
  }
  throw new ActionError(`fail-if: '${text}' is no condition`, `Write, for example: ${FORMS}.`);
}
