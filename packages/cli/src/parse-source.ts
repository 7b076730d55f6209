import type { RunOptions, Service, ToolboxSource } from '@keepset/shrinker';
import { type KeepRules, toKeepWishes } from './keep-rules.js';
import type { ParsedCommandLine } from './parse-options.js';
import { toService } from './parse-service.js';
import { readTextFile } from './read-text-file.js';
import { type ClientSide, type ParsedOptions, toRunOptions } from './run-options.js';
import { UsageError } from './usage-error.js';

/** What shrink and check have in common: what is run in which image, and what is kept of it. */
export interface SourceArguments {
  readonly image: string;
  readonly command: readonly string[];
  readonly run: RunOptions;
  readonly keep: KeepRules;
  /** Where to write the keep list. */
  readonly keepListFile: string | undefined;
  /** The text of the keep list that was given. */
  readonly locked: string | undefined;
  readonly allowFailure: boolean;
  readonly traceTwice: boolean;
  readonly toolbox: ToolboxSource;
  /** Undefined: the command ends by itself. */
  readonly service: Service | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** @throws UsageError */
export function toSourceArguments(
  { options, rest }: ParsedCommandLine,
  client: ClientSide,
  usage: string,
): SourceArguments {
  const [image, ...command] = rest;
  if (image === undefined) throw new UsageError('no image given', `It goes after the options: '${usage}'.`);
  const toolbox = toToolboxSource(options);
  const { rules, listFile } = toKeepWishes(options);
  const locked = options.locked as string | undefined;
  return {
    image,
    command,
    run: toRunOptions(options, client),
    keep: rules,
    keepListFile: listFile,
    locked: locked === undefined ? undefined : readTextFile(locked, '--locked'),
    allowFailure: options['allow-failure'] === true,
    traceTwice: options['trace-twice'] === true,
    toolbox,
    service: toService(options),
    quiet: options.quiet === true,
    json: options.json === true,
  };
}

/** @throws UsageError */
export function toToolboxSource(options: ParsedOptions): ToolboxSource {
  const toolbox = (options.toolbox as string | undefined) ?? 'auto';
  if (!/^(auto|host|image|image=.+)$/.test(toolbox))
    throw new UsageError(`--toolbox ${toolbox}: not valid`, 'Use auto, host, image or image=REF.');
  return toolbox as ToolboxSource;
}
