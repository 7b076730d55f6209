import type { Engine } from '@keepset/docker-engine';
import type { Output } from '@keepset/image-builder';
import type { FlattenRequest, MadeImage, ShrinkEvent } from '@keepset/shrinker';
import type { Options } from 'yargs';
import { createdOf } from '../inputs/created-of.js';
import { engineOf } from '../inputs/engine-of.js';
import { type OutputArguments, toOutputArguments, toOutputs } from '../inputs/to-output-arguments.js';
import type { ParsedOptions } from '../inputs/to-run-options.js';
import { toToolboxSource } from '../inputs/to-source-arguments.js';
import { OUTPUT_OPTION_DEFINITIONS } from '../options/output-options.js';
import { SHRINK_OPTION_DEFINITIONS } from '../options/shrink-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { formatBytes } from '../terminal/format-bytes.js';
import { createProgress } from '../terminal/progress.js';
import { writeResultFiles } from './write-result-files.js';

const definition = (name: string) => ({ [name]: SHRINK_OPTION_DEFINITIONS[name] as Options });

/** Options of the commands that make an image and run nothing. */
export const MADE_IMAGE_DEFINITIONS: Readonly<Record<string, Options>> = {
  ...definition('tag'),
  ...definition('toolbox'),
  ...definition('quiet'),
  ...definition('json'),
  ...OUTPUT_OPTION_DEFINITIONS,
};

/** What such a command asks of the shrinker besides what it is about. */
export interface MadeImageRequest {
  readonly tags: readonly string[];
  readonly changes: readonly string[];
  readonly push: boolean;
  readonly outputs: readonly Output[];
  readonly toolbox: NonNullable<FlattenRequest['toolbox']>;
  readonly created?: string;
}

/**
 * Make an image by way of `make`, and tell of it as the options say.
 *
 * @throws UsageError  before the engine is asked for anything
 */
export async function tellMadeImage<T extends MadeImage>(
  options: ParsedOptions,
  console: Console,
  make: (
    engine: Engine,
    request: MadeImageRequest,
    streams: { onEvent: (event: ShrinkEvent) => void },
  ) => Promise<T>,
): Promise<T> {
  const tags = (options.tag as readonly string[] | undefined) ?? [];
  const output = toOutputArguments(options);
  if (tags.length === 0 && output.outputs.length === 0)
    throw new UsageError('the result has no name', 'Give one with -t NAME[:TAG], or a place with -o.');
  const created = createdOf(console.environment.SOURCE_DATE_EPOCH);
  const base = console.environment.KEEPSET_TOOLBOX_BASE;
  const request = {
    tags,
    changes: output.changes,
    push: output.push,
    outputs: toOutputs(output.outputs, console),
    toolbox: { source: toToolboxSource(options), ...(base && { base }) },
    ...(created !== undefined && { created }),
  };
  const progress = createProgress(console, options.quiet === true || options.json === true);
  await using engine = await engineOf(console);
  try {
    const made = await make(engine, request, { onEvent: progress.onEvent });
    await writeResultFiles(made, output, tags);
    if (options.json === true) await console.writeOut(`${JSON.stringify(toJson(made, tags))}\n`);
    else if (options.quiet === true) await console.writeOut(`${made.id}\n`);
    else console.writeError(toText(made, output));
    return made;
  } finally {
    progress.clear();
  }
}

function toJson(
  { id, manifestDigest, sourceBytes, resultBytes, entries, stages }: MadeImage,
  tags: readonly string[],
) {
  const seconds = Object.fromEntries(stages.map(({ stage, seconds }) => [stage, seconds]));
  return { id, manifestDigest, sourceBytes, resultBytes, entries, tags, stages: seconds };
}

function toText(made: MadeImage, { outputs }: OutputArguments): string {
  const rows = [
    ['size', `${formatBytes(made.sourceBytes)} → ${formatBytes(made.resultBytes)}`],
    ['entries', made.entries.toLocaleString('en')],
    ...outputs.map(({ type, destination }) => ['written', `${destination} (${type})`]),
    ['id', made.id],
  ];
  return rows.map(([name = '', value = '']) => `${name.padEnd(10)}${value}\n`).join('');
}
