import { type FlattenResult, flatten, type ToolboxSource } from '@keepset/shrinker';
import type { Options } from 'yargs';
import type { Console } from './console.js';
import { createdOf } from './created-of.js';
import { engineOf } from './engine-of.js';
import { formatBytes } from './format-bytes.js';
import { OUTPUT_OPTION_DEFINITIONS } from './output-option-definitions.js';
import { type OutputArguments, toOutputArguments, toOutputs } from './output-options.js';
import { parseOptions } from './parse-options.js';
import { toToolboxSource } from './parse-source.js';
import { createProgress } from './progress.js';
import { SHRINK_OPTION_DEFINITIONS } from './shrink-option-definitions.js';
import { UsageError } from './usage-error.js';
import { writeResultFiles } from './write-result-files.js';

const definition = (name: string) => ({ [name]: SHRINK_OPTION_DEFINITIONS[name] as Options });

const GRAMMAR = {
  name: 'keepset flatten',
  usage:
    'Usage: keepset flatten [OPTIONS] -t OUT IMAGE\n\nMake one layer of all that IMAGE shows, without what its layers hide; the configuration stays.',
  epilogue: 'SOURCE_DATE_EPOCH sets the time of creation; else it is that of IMAGE.',
  definitions: {
    ...definition('tag'),
    ...definition('platform'),
    ...definition('toolbox'),
    ...definition('quiet'),
    ...definition('json'),
    ...OUTPUT_OPTION_DEFINITIONS,
  },
};

/** `keepset flatten`. */
export async function flattenCommand(
  args: readonly string[],
  console: Console,
  version: string,
): Promise<void> {
  const parsed = await parseOptions(args, GRAMMAR, console, console.columns);
  if (typeof parsed === 'string') return void (await console.writeOut(`${parsed}\n`));
  const { options, rest } = parsed;
  const [image, surplus] = rest;
  if (image === undefined) throw new UsageError('no image given', "'keepset flatten -t OUT IMAGE'.");
  if (surplus !== undefined)
    throw new UsageError(`flatten takes one image: what is '${surplus}'?`, 'Options go before IMAGE.');
  const tags = (options.tag as readonly string[] | undefined) ?? [];
  const output = toOutputArguments(options);
  if (tags.length === 0 && output.outputs.length === 0)
    throw new UsageError('the result has no name', 'Give one with -t NAME[:TAG], or a place with -o.');
  const created = createdOf(console.environment.SOURCE_DATE_EPOCH);
  const base = console.environment.KEEPSET_TOOLBOX_BASE;
  const platform = options.platform as string | undefined;
  const toolbox: ToolboxSource = toToolboxSource(options);
  const outputs = toOutputs(output.outputs, console);
  const progress = createProgress(console, options.quiet === true || options.json === true);
  await using engine = await engineOf(console);
  try {
    const result = await flatten(
      engine,
      {
        image,
        tags,
        changes: output.changes,
        push: output.push,
        outputs,
        version,
        toolbox: { source: toolbox, ...(base && { base }) },
        ...(platform !== undefined && { platform }),
        ...(created !== undefined && { created }),
      },
      { onEvent: progress.onEvent },
    );
    await writeResultFiles(result, output, tags);
    if (options.json === true) await console.writeOut(`${JSON.stringify(toJson(result, tags))}\n`);
    else if (options.quiet === true) await console.writeOut(`${result.id}\n`);
    else console.writeError(toText(result, output));
  } finally {
    progress.clear();
  }
}

function toJson({ stages, ...result }: FlattenResult, tags: readonly string[]): object {
  return {
    ...result,
    tags,
    stages: Object.fromEntries(stages.map(({ stage, seconds }) => [stage, seconds])),
  };
}

function toText(result: FlattenResult, { outputs }: OutputArguments): string {
  const rows = [
    ['size', `${formatBytes(result.sourceBytes)} → ${formatBytes(result.resultBytes)}`],
    ['entries', result.entries.toLocaleString('en')],
    ...outputs.map(({ type, destination }) => ['written', `${destination} (${type})`]),
    ['id', result.id],
  ];
  return rows.map(([name = '', value = '']) => `${name.padEnd(10)}${value}\n`).join('');
}
