import type { Engine } from '@keepset/docker-engine';
import type { Output } from '@keepset/image-builder';
import { writeManifest } from '@keepset/manifest';
import type { MadeImage, ShrinkEvent } from '@keepset/shrinker';
import { requirePushable } from '../images/require-pushable.js';
import { createdOf } from '../inputs/created-of.js';
import { engineForResult } from '../inputs/engine-for-result.js';
import { engineOf } from '../inputs/engine-of.js';
import { requireWritable } from '../inputs/require-writable.js';
import { openSessionFolder } from '../inputs/session-folder.js';
import { type OutputArguments, toOutputArguments, toOutputs } from '../inputs/to-output-arguments.js';
import { type ToolboxOptions, toolboxOptions } from '../inputs/toolbox-options.js';
import type { MAKE_OPTIONS } from '../options/make-options.js';
import type { GroupValues, OptionValues } from '../options/option.js';
import type { OUTPUT_OPTIONS } from '../options/output-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { entriesText } from '../terminal/entries-text.js';
import { formatBytes } from '../terminal/format-bytes.js';
import { createProgress } from '../terminal/progress.js';
import { writeResultFiles } from './write-result-files.js';

/** What every command that makes an image and runs nothing asks of the shrinker. */
export interface MadeImageRequest {
  readonly tags: readonly string[];
  readonly changes: readonly string[];
  readonly push: boolean;
  readonly outputs: readonly Output[];
  readonly toolbox: ToolboxOptions;
  readonly inventory: boolean;
  readonly created?: string;
}

/**
 * Make an image by way of `make`, and report it as the options say.
 *
 * @param isGiven  the source is no engine's
 * @throws UsageError  before the engine is asked for anything
 */
export async function makeImage<T extends MadeImage>(
  options: OptionValues<typeof MAKE_OPTIONS> & GroupValues<typeof OUTPUT_OPTIONS>,
  console: Console,
  { isGiven }: { readonly isGiven: boolean },
  make: (
    engine: Engine | undefined,
    request: MadeImageRequest,
    streams: { onEvent: (event: ShrinkEvent) => void },
  ) => Promise<T>,
): Promise<T> {
  const { tag: tags, manifest: manifestFile } = options;
  const output = toOutputArguments(options);
  if (tags.length === 0 && output.outputs.length === 0)
    throw new UsageError('the result has no name', 'Give one with -t NAME[:TAG], or a place with -o.');
  requireWritable(manifestFile, '--manifest');
  const created = createdOf(console.environment.SOURCE_DATE_EPOCH);
  const request = {
    tags,
    changes: output.changes,
    push: output.push,
    outputs: toOutputs(output, console),
    toolbox: toolboxOptions(options.toolbox, console),
    inventory: manifestFile !== undefined,
    ...(created !== undefined && { created }),
  };
  await requirePushable(request.outputs);
  const progress = await createProgress(console, options.quiet === true || options.json === true);
  await using engine = isGiven ? await engineForResult(request, console) : await engineOf(console);
  // An engine's session has one.
  using _folder = engine === undefined ? openSessionFolder() : undefined;
  try {
    const made = await make(engine, request, { onEvent: progress.onEvent });
    if (manifestFile !== undefined) await writeManifest(made.manifest, manifestFile);
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
  { id, manifestDigest, sourceBytes, resultBytes, entries, generatedEntries, stages, manifest }: MadeImage,
  tags: readonly string[],
) {
  const seconds = Object.fromEntries(stages.map(({ stage, seconds }) => [stage, seconds]));
  const { verified, tree } = manifest;
  return {
    id,
    manifestDigest,
    sourceBytes,
    resultBytes,
    sourceEntries: tree.size,
    entries,
    generatedEntries,
    verified,
    tags,
    stages: seconds,
  };
}

function toText(made: MadeImage, { outputs }: OutputArguments): string {
  const rows = [
    ['size', `${formatBytes(made.sourceBytes)} → ${formatBytes(made.resultBytes)}`],
    [
      'entries',
      entriesText(made.manifest.tree.size, { kept: made.entries, generated: made.generatedEntries }),
    ],
    ['verified', 'no: the image was not run'],
    ...outputs.map(({ type, destination }) => ['written', `${destination} (${type})`]),
    ['id', made.id],
  ];
  return rows.map(([name = '', value = '']) => `${name.padEnd(10)}${value}\n`).join('');
}
