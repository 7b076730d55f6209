import { existsSync } from 'node:fs';
import {
  type CompareOptions,
  compareListings,
  type FileListing,
  type ListingDifference,
  readFileListing,
} from '@keepset/manifest';
import { compareImages, listImage } from '@keepset/shrinker';
import { engineOf } from '../inputs/engine-of.js';
import { toolboxOptions } from '../inputs/toolbox-options.js';
import type { Console } from '../terminal/console.js';
import { showNotes } from '../terminal/show-notes.js';

/** Two sides of `keepset diff`, of which one at least is an image; contents are read where both are. */
export async function compareWithImages(
  [before, after]: readonly [before: string, after: string],
  options: CompareOptions,
  console: Console,
): Promise<ListingDifference> {
  const toolbox = toolboxOptions('auto', console);
  const onEvent = showNotes(console);
  await using engine = await engineOf(console);
  if (!existsSync(before) && !existsSync(after))
    return await compareImages(engine, [before, after], { toolbox, onEvent, ...options });
  const listingOf = async (name: string): Promise<FileListing> => {
    if (existsSync(name)) return await readFileListing(name);
    await using image = await listImage(engine, name, { toolbox, onEvent });
    return image.listing;
  };
  return compareListings(await listingOf(before), await listingOf(after), options);
}
