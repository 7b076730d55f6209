import { UsageError } from '../options/usage-error.js';

/** @see the specification of SOURCE_DATE_EPOCH: seconds since 1970 */
export function createdOf(epoch: string | undefined): string | undefined {
  if (!epoch) return undefined;
  if (!/^\d{1,12}$/.test(epoch))
    throw new UsageError(`SOURCE_DATE_EPOCH=${epoch}: not valid`, 'It is a number of seconds since 1970.');
  return new Date(Number(epoch) * 1000).toISOString();
}
