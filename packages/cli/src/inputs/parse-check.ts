import { CHECK_OPTION_DEFINITIONS } from '../options/check-options.js';
import { parseOptions } from '../options/parse-options.js';
import { UsageError } from '../options/usage-error.js';
import { requireWritable } from './require-writable.js';
import type { ClientSide } from './to-run-options.js';
import { type SourceArguments, toSourceArguments } from './to-source-arguments.js';

/** `keepset check`, understood. */
export interface CheckCommand extends SourceArguments {
  readonly locked: string;
}

const USAGE = 'keepset check --locked KEEP_LIST [OPTIONS] IMAGE [COMMAND [ARG...]]';

/**
 * Read the arguments of `keepset check`.
 *
 * @returns the command, or the help text that was asked for
 * @throws UsageError
 */
export async function parseCheck(
  args: readonly string[],
  client: ClientSide,
  columns: number,
): Promise<CheckCommand | string> {
  const grammar = {
    name: 'keepset check',
    usage: `Usage: ${USAGE}\n\nTrace COMMAND again and print what it needs that KEEP_LIST lacks (+), and the other way round (-).`,
    epilogue:
      'Exit status 1 when there is a difference. Give the options with which the list was made. The output of the command goes to standard error.',
    definitions: CHECK_OPTION_DEFINITIONS,
  };
  const parsed = await parseOptions(args, grammar, client, columns);
  if (typeof parsed === 'string') return parsed;
  const common = await toSourceArguments(parsed, client, USAGE);
  const { locked } = common;
  if (locked === undefined) throw new UsageError('no keep list given', 'Give one with --locked KEEP_LIST.');
  requireWritable(common.keepListFile, '--keep-list');
  return { ...common, locked };
}
