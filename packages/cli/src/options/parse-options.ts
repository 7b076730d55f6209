import yargs, { type Options } from 'yargs';
import type { ClientSide, ParsedOptions } from '../inputs/to-run-options.js';
import { environmentArguments } from './environment-arguments.js';
import { joinValues } from './join-values.js';
import { nearestName } from './nearest-name.js';
import { UsageError } from './usage-error.js';

export interface Grammar {
  /** keepset shrink */
  readonly name: string;
  readonly usage: string;
  readonly epilogue: string;
  readonly definitions: Readonly<Record<string, Options>>;
}

/** Options, and what follows them, untouched. */
export interface ParsedCommandLine {
  readonly options: ParsedOptions;
  readonly rest: readonly string[];
}

/**
 * Read a command line in the grammar of docker run: options end at the first word that is none, and what follows is
 * left alone, even if it looks like options.
 *
 * @returns the options, or the help text that was asked for
 * @throws UsageError
 */
export async function parseOptions(
  args: readonly string[],
  grammar: Grammar,
  client: Pick<ClientSide, 'environment'>,
  columns: number,
): Promise<ParsedCommandLine | string> {
  const all = joinValues(
    [...environmentArguments(client.environment, grammar.definitions), ...args],
    grammar.definitions,
  );
  const parser = yargs()
    .scriptName(grammar.name)
    .usage(grammar.usage)
    .epilogue(grammar.epilogue)
    .options(grammar.definitions as Parameters<ReturnType<typeof yargs>['options']>[0])
    .parserConfiguration({
      'halt-at-non-option': true,
      'camel-case-expansion': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
    })
    .strictOptions()
    .version(false)
    .help('help')
    .wrap(Math.min(columns, 110))
    .exitProcess(false)
    .fail((message, error) => {
      throw error instanceof UsageError ? error : toUsageError(message ?? error.message, grammar, all);
    });
  let help: string | undefined;
  const parsed = (await parser.parse([...all], (_error: unknown, _argv: unknown, output: string) => {
    if (output !== '') help = output;
  })) as ParsedOptions & { _: readonly (string | number)[] };
  return help ?? { options: lastOfEach(parsed, grammar.definitions), rest: parsed._.map(String) };
}

/** What is no list, and was given several times (by a variable and on the command line, say), is as it was given last. */
function lastOfEach(parsed: ParsedOptions, definitions: Grammar['definitions']): ParsedOptions {
  return Object.fromEntries(
    Object.entries(parsed).map(([name, value]) => [
      name,
      Array.isArray(value) && definitions[name]?.array !== true ? value.at(-1) : value,
    ]),
  );
}

/** yargs' words in ours. */
function toUsageError(
  message: string,
  { name, definitions }: Pick<Grammar, 'name' | 'definitions'>,
  args: readonly string[],
): UsageError {
  const unknown = /^Unknown arguments?: ([^,]*)/.exec(message)?.[1];
  const hint = `'${name} --help' lists the options.`;
  if (unknown === undefined) return new UsageError(message.replace(/\s+/g, ' ').trim(), hint);
  // It takes --no-x for x.
  const long = args.includes(`--no-${unknown}`) ? `--no-${unknown}` : `--${unknown}`;
  const option = unknown.length === 1 ? `-${unknown}` : long;
  const meant = unknown.length === 1 ? undefined : nearestName(unknown, Object.keys(definitions));
  return new UsageError(
    `there is no option ${option}${meant === undefined ? '' : `: did you mean --${meant}?`}`,
    `'${name} --help' lists them; options of the command go after IMAGE.`,
  );
}
