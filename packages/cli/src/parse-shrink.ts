import type { RunOptions, ToolboxSource } from '@keepset/shrinker';
import yargs from 'yargs';
import { environmentArguments } from './environment-arguments.js';
import { toRunArguments } from './run-arguments.js';
import { type ClientSide, type ParsedOptions, toRunOptions } from './run-options.js';
import { ALL_OPTION_DEFINITIONS } from './shrink-option-definitions.js';
import { UsageError } from './usage-error.js';

/** `keepset shrink`, understood. */
export interface ShrinkCommand {
  readonly image: string;
  readonly command: readonly string[];
  readonly tags: readonly string[];
  readonly run: RunOptions;
  /** The same, as words for docker run. */
  readonly runArguments: readonly string[];
  readonly keepFile: string | undefined;
  readonly manifestFile: string | undefined;
  readonly allowFailure: boolean;
  readonly verify: boolean;
  readonly toolbox: ToolboxSource;
  readonly quiet: boolean;
  readonly json: boolean;
}

/**
 * Read the arguments of `keepset shrink` in the grammar of docker run: options end at IMAGE, and what follows is the
 * command, untouched.
 *
 * @returns the command, or the help text that was asked for
 * @throws UsageError
 */
export async function parseShrink(
  args: readonly string[],
  client: ClientSide,
  columns: number,
): Promise<ShrinkCommand | string> {
  const all = [...environmentArguments(client.environment, ALL_OPTION_DEFINITIONS), ...args];
  const parser = yargs()
    .scriptName('keepset shrink')
    .usage(
      'Usage: $0 [OPTIONS] -t OUT IMAGE [COMMAND [ARG...]]\n\nShrink IMAGE to what COMMAND uses, check that it still does the same, and name the result OUT.',
    )
    .epilogue(
      'Options end at IMAGE; what follows is the command. Each option can be set by a variable as well\n(--read-only: KEEPSET_READ_ONLY=true); DOCKER_FLAGS holds further options of the run.',
    )
    .options(ALL_OPTION_DEFINITIONS as Parameters<ReturnType<typeof yargs>['options']>[0])
    .parserConfiguration({
      'halt-at-non-option': true,
      'camel-case-expansion': false,
      'duplicate-arguments-array': false,
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
      throw error instanceof UsageError ? error : toUsageError(message ?? error.message);
    });
  let help: string | undefined;
  const parsed = (await parser.parse([...all], (_error: unknown, _argv: unknown, output: string) => {
    if (output !== '') help = output;
  })) as ParsedOptions & { _: readonly (string | number)[] };
  if (help !== undefined) return help;
  const [image, ...command] = parsed._.map(String);
  return toCommand(parsed, image, command, client);
}

/** yargs' words in ours. */
function toUsageError(message: string): UsageError {
  const unknown = /^Unknown arguments?: ([^,]*)/.exec(message)?.[1];
  if (unknown === undefined) return new UsageError(message, "'keepset shrink --help' lists the options.");
  const option = unknown.length === 1 ? `-${unknown}` : `--${unknown}`;
  return new UsageError(
    `there is no option ${option}`,
    "'keepset shrink --help' lists them; options of the command go after IMAGE.",
  );
}

function toCommand(
  parsed: ParsedOptions,
  image: string | undefined,
  command: readonly string[],
  client: ClientSide,
): ShrinkCommand {
  const tags = (parsed.tag as readonly string[] | undefined) ?? [];
  if (image === undefined)
    throw new UsageError(
      'no image given',
      "It goes after the options: 'keepset shrink -t OUT IMAGE [COMMAND [ARG...]]'.",
    );
  if (tags.length === 0)
    throw new UsageError('the result has no name', 'Give one with -t NAME[:TAG], before IMAGE.');
  const toolbox = (parsed.toolbox as string | undefined) ?? 'auto';
  if (!/^(auto|host|image|image=.+)$/.test(toolbox))
    throw new UsageError(`--toolbox ${toolbox}: not valid`, 'Use auto, host, image or image=REF.');
  return {
    image,
    command,
    tags,
    run: toRunOptions(parsed, client),
    runArguments: toRunArguments(parsed),
    keepFile: parsed.keep as string | undefined,
    manifestFile: parsed.manifest as string | undefined,
    allowFailure: parsed['allow-failure'] === true,
    verify: parsed.verify !== false,
    toolbox: toolbox as ToolboxSource,
    quiet: parsed.quiet === true,
    json: parsed.json === true,
  };
}
