import type { Console } from '../terminal/console.js';
import { operandsLast } from './operands-last.js';
import { type Grammar, type ParsedCommandLine, parseOptions } from './parse-options.js';

/**
 * Read the arguments of a command after which no other program's follow: its options may stand anywhere.
 *
 * @returns undefined when help was asked for, and was printed
 * @throws UsageError
 */
export async function parseOperands(
  args: readonly string[],
  grammar: Grammar,
  console: Console,
): Promise<ParsedCommandLine | undefined> {
  const ordered = operandsLast(args, grammar.definitions);
  const parsed = await parseOptions(ordered, grammar, console, console.columns);
  if (typeof parsed !== 'string') return parsed;
  await console.writeOut(`${parsed}\n`);
  return undefined;
}
