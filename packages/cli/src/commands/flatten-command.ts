import { flatten } from '@keepset/shrinker';
import type { Options } from 'yargs';
import { parseOptions } from '../options/parse-options.js';
import { SHRINK_OPTION_DEFINITIONS } from '../options/shrink-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { MADE_IMAGE_DEFINITIONS, tellMadeImage } from './make-image.js';

const GRAMMAR = {
  name: 'keepset flatten',
  usage:
    'Usage: keepset flatten [OPTIONS] -t OUT IMAGE\n\nMake one layer of all that IMAGE shows, without what its layers hide; the configuration stays.',
  epilogue: 'SOURCE_DATE_EPOCH sets the time of creation; else it is that of IMAGE.',
  definitions: { ...MADE_IMAGE_DEFINITIONS, platform: SHRINK_OPTION_DEFINITIONS.platform as Options },
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
  const platform = options.platform as string | undefined;
  await tellMadeImage(options, console, (engine, request, streams) =>
    flatten(engine, { ...request, image, version, ...(platform !== undefined && { platform }) }, streams),
  );
}
