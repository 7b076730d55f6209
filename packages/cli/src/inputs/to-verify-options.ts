import type { ShrinkRequest } from '@keepset/shrinker';
import { UsageError } from '../options/usage-error.js';
import { parseRuns } from './parse-runs.js';
import type { ParsedOptions } from './to-run-options.js';

/** How the result is to be verified, as the shrinker takes it. */
export type VerifyWishes = Pick<
  ShrinkRequest,
  'verify' | 'strict' | 'repairRounds' | 'ignoreOutput' | 'ignoreFiles' | 'checks' | 'checksAdvise'
>;

const ROUNDS_MAX = 20;

/** @throws UsageError  a number that is none, an expression that cannot be read, options that --no-verify makes useless */
export function toVerifyWishes(options: ParsedOptions): VerifyWishes {
  const rounds = options.repair as number | undefined;
  const expressions = options['ignore-output'] as readonly string[] | undefined;
  const patterns = options['ignore-file'] as readonly string[] | undefined;
  const checks = options.check as readonly string[] | undefined;
  const verify = options.verify !== false;
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds >= 0 && rounds <= ROUNDS_MAX))
    throw new UsageError(`--repair takes a whole number from 0 to ${ROUNDS_MAX}`);
  const [useless] = Object.entries({
    repair: rounds,
    'ignore-output': expressions,
    'ignore-file': patterns,
    check: checks,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (!verify && useless !== undefined)
    throw new UsageError(`--${useless} says how to verify, and --no-verify not to`, 'Leave one of them out.');
  return {
    verify,
    ...(options.strict === true && { strict: true }),
    ...(checks !== undefined && { checks: parseRuns(checks, 'check') }),
    ...(options.checks === 'advise' && { checksAdvise: true }),
    ...(rounds !== undefined && { repairRounds: rounds }),
    ...(expressions !== undefined && { ignoreOutput: expressions.map(toExpression) }),
    ...(patterns !== undefined && { ignoreFiles: patterns }),
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
