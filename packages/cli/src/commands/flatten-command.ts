import { flatten } from '@keepset/shrinker';
import type { FLATTEN } from '../definitions/flatten.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';
import { VERSION } from '../version.js';
import { makeImage } from './make-image.js';

/** `keepset flatten`. */
export async function flattenCommand(
  { options, operands: [image] }: CommandLineOf<typeof FLATTEN>,
  console: Console,
): Promise<undefined> {
  const { platform } = options;
  await makeImage(options, console, (engine, request, streams) =>
    flatten(
      engine,
      { ...request, image, version: VERSION, ...(platform !== undefined && { platform }) },
      streams,
    ),
  );
}
