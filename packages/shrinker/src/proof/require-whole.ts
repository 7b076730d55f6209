import type { Verification } from '@keepset/manifest';
import { printPath } from '@keepset/strace-parser';
import { ShrinkError } from '../shrink-error.js';

const SHOWN = 3;

/**
 * Refuse a result of which something was not compared.
 *
 * @throws ShrinkError VERIFIED_IN_PART
 */
export function requireWhole({ notCompared }: Pick<Verification, 'notCompared'>): void {
  if (notCompared.length === 0) return;
  const names = notCompared.slice(0, SHOWN).map(({ where }) => {
    if (typeof where === 'string') return where;
    return 'path' in where ? printPath(where.path) : `${where.aspect} of ${where.step}`;
  });
  const others = notCompared.length > SHOWN ? `, and ${notCompared.length - SHOWN} more` : '';
  throw new ShrinkError(
    'VERIFIED_IN_PART',
    `the result is verified only in part: ${names.join(', ')}${others} could not be compared`,
    { hint: 'It was not named. Make these the same in each run, or say that they need not be compared.' },
  );
}
