import { flatten } from '@keepset/shrinker';
import type { FLATTEN } from '../definitions/flatten.js';
import { openNamedImage } from '../images/open-named-image.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';
import { VERSION } from '../version.js';
import { makeImage } from './make-image.js';

/** `keepset flatten`. */
export async function flattenCommand(
  { options, operands: [name] }: CommandLineOf<typeof FLATTEN>,
  console: Console,
): Promise<undefined> {
  const { platform } = options;
  const named = await openNamedImage(name, { ...options, leavesFiles: true, readsAll: true }, console);
  await using source = named.kind === 'source' ? named.source : undefined;
  const image = named.kind === 'source' ? name : named.name;
  await makeImage(options, console, { isGiven: source !== undefined }, (engine, request, streams) =>
    flatten(
      engine,
      {
        ...request,
        image,
        version: VERSION,
        ...(source !== undefined && { source }),
        ...(platform !== undefined && { platform }),
      },
      streams,
    ),
  );
}
