import type { ShrinkOptions } from '@keepset/shrinker';
import type { GroupValues } from '../options/option.js';
import { UsageError } from '../options/usage-error.js';
import type { COMPARE_OPTIONS, VERIFY_OPTIONS } from '../options/verify-options.js';
import { parseRuns } from './parse-runs.js';
import { parseSize } from './parse-size.js';

/** How the result is to be verified, as the shrinker takes it. */
export type Verification = Pick<
  ShrinkOptions,
  | 'verify'
  | 'strict'
  | 'repairRounds'
  | 'reference'
  | 'allowFlaky'
  | 'writeMounts'
  | 'copyMountsBytesMax'
  | 'ignoreOutput'
  | 'ignoreFiles'
  | 'checks'
  | 'checksAdvise'
>;

/** @throws UsageError  an expression that cannot be read, options that --no-verify makes useless */
export function toVerification(options: GroupValues<typeof VERIFY_OPTIONS>): Verification {
  const { verify, strict, repair, reference, check, checks } = options;
  const mountsMax = options['copy-mounts-max'];
  const given = {
    repair: repair !== undefined,
    'ignore-output': options['ignore-output'].length > 0,
    'ignore-file': options['ignore-file'].length > 0,
    check: check.length > 0,
  };
  const useless = Object.entries(given).find(([, isGiven]) => isGiven)?.[0];
  if (!verify && useless !== undefined)
    throw new UsageError(`--${useless} and --no-verify exclude each other`, 'Leave one of them out.');
  return {
    verify,
    ...(strict === true && { strict }),
    ...(check.length > 0 && { checks: parseRuns(check, 'check') }),
    ...(checks === 'advise' && { checksAdvise: true }),
    ...(repair !== undefined && { repairRounds: repair }),
    ...(reference !== undefined && { reference }),
    ...toComparison(options),
    ...(options['write-mounts'] === true && { writeMounts: true }),
    ...(mountsMax !== undefined && { copyMountsBytesMax: parseSize('copy-mounts-max', mountsMax) }),
  };
}

/** What of a difference does not count. @throws UsageError  an expression that cannot be read */
export function toComparison({
  'allow-flaky': allowFlaky,
  'ignore-output': expressions,
  'ignore-file': patterns,
}: GroupValues<typeof COMPARE_OPTIONS>): Pick<Verification, 'allowFlaky' | 'ignoreOutput' | 'ignoreFiles'> {
  return {
    ...(allowFlaky === true && { allowFlaky }),
    ...(expressions.length > 0 && { ignoreOutput: expressions.map(toExpression) }),
    ...(patterns.length > 0 && { ignoreFiles: patterns }),
  };
}

/** Lines are byte strings: what is not ASCII stands in them as its UTF-8 bytes. */
function toExpression(text: string): RegExp {
  try {
    return new RegExp(Buffer.from(text, 'utf8').toString('latin1'), 'g');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--ignore-output ${text} cannot be read: ${reason}`);
  }
}
