import { join } from 'node:path';
import {
  IMAGES_NAME,
  type RecordedImage,
  readRecording,
  type ShrunkImage,
  type SmallImage,
  shrinkRecording,
  writeSmallImages,
} from '@keepset/shrinker';
import type { SHRINK } from '../../definitions/shrink.js';
import { createdOf } from '../../inputs/created-of.js';
import { engineOf } from '../../inputs/engine-of.js';
import { toKeepOptions } from '../../inputs/to-keep-options.js';
import { toResultNames } from '../../inputs/to-result-names.js';
import { toolboxOptions } from '../../inputs/toolbox-options.js';
import type { CommandLineOf } from '../../options/command-definition.js';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { formatBytes } from '../../terminal/format-bytes.js';
import { plainLine } from '../../terminal/plain-text.js';
import { createProgress } from '../../terminal/progress.js';
import { quoteWords } from '../../terminal/quote-words.js';
import { runStreams } from '../../terminal/run-streams.js';
import { VERSION } from '../../version.js';
import { OF_ONE_RUN, requireNone } from './of-one-run.js';
import { writeSmallImage } from './write-small-image.js';

type ShrinkLine = CommandLineOf<typeof SHRINK>;

const SUFFIX = '-small';

/** `keepset shrink --recorded DIR`: a small image of each image of a recording. */
export async function shrinkRecorded(
  folder: string,
  { options, operands }: ShrinkLine,
  console: Console,
): Promise<undefined> {
  requireFitting(options, operands);
  const tagsOf = toResultNames(options.suffix ?? SUFFIX);
  const { options: keep } = toKeepOptions(options);
  const { layers, metadata, builder, json = false, quiet = false } = options;
  const created = createdOf(console.environment.SOURCE_DATE_EPOCH);
  const recording = await readRecording(folder);
  const progress = await createProgress(console, quiet || json);
  const streams = runStreams(console, { progress, isQuiet: true, standardOutput: 'error' });
  const small: SmallImage[] = [];
  const made = { keep, layers, metadata, builder };
  await using engine = await engineOf(console);
  try {
    const request = {
      ...{ folder, recording, tagsOf, ...made, version: VERSION },
      toolbox: toolboxOptions(options.toolbox, console),
      inventory: true,
      ...(options.strict === true && { strict: true }),
      ...(created !== undefined && { created }),
      onImage: ({ references }: RecordedImage) => {
        progress.clear();
        if (!quiet && !json) console.writeError(`keepset: ${plainLine(references.join(', '))}\n`);
      },
    };
    for await (const each of shrinkRecording(engine, request, streams)) {
      progress.clear();
      small.push(await writeSmallImage(folder, each));
      if (quiet && 'result' in each) await console.writeOut(`${each.result.id}\n`);
      else if (!json) console.writeError(toText(each));
    }
    await writeSmallImages(folder, { images: small, options: made });
    if (json) await console.writeOut(`${JSON.stringify(small)}\n`);
    else if (!quiet) console.writeError(closing(folder));
  } finally {
    progress.clear();
  }
}

/** @throws UsageError */
function requireFitting(options: Readonly<Record<string, unknown>>, [operand]: readonly string[]): void {
  if (operand !== undefined)
    throw new UsageError(
      `unexpected argument '${operand}': --recorded says which images there are`,
      'Leave it out.',
    );
  requireNone(options, OF_ONE_RUN, (option) => [
    `--${option} is for one image, and --recorded makes several`,
    'Leave it out; --suffix names the results.',
  ]);
}

function toText(each: ShrunkImage): string {
  const source = plainLine(each.image.references.join(', '));
  if ('reason' in each) return `left      ${source}: ${plainLine(each.reason)}\n`;
  const { sourceBytes, resultBytes } = each.result;
  return `image     ${each.tags.join(', ')}: ${formatBytes(sourceBytes)} → ${formatBytes(resultBytes)}\n`;
}

function closing(folder: string): string {
  return `verified  no: nothing was run again; the recorded command on the small images shows whether it does the same\nwritten   ${plainLine(join(folder, IMAGES_NAME))}, and a manifest for each image\nnext      keepset record --prove ${plainLine(quoteWords([folder]))} -- COMMAND\n`;
}
