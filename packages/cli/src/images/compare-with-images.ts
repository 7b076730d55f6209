import { existsSync } from 'node:fs';
import {
  type CompareOptions,
  compareListings,
  type FileListing,
  type ListingDifference,
  readFileListing,
} from '@keepset/manifest';
import { compareListed } from '@keepset/shrinker';
import type { Console } from '../terminal/console.js';
import { namedImages } from './named-images.js';
import type { ImageOptions } from './open-named-image.js';

/** Two sides of `keepset diff`, of which one at least is an image; contents are read where both are. */
export async function compareWithImages(
  [before, after]: readonly [before: string, after: string],
  options: CompareOptions & ImageOptions,
  console: Console,
): Promise<ListingDifference> {
  await using images = namedImages(options, console);
  if (!existsSync(before) && !existsSync(after))
    return await compareListed(await images.list(before), await images.list(after), options);
  const listingOf = async (name: string): Promise<FileListing> =>
    existsSync(name) ? await readFileListing(name) : (await images.list(name)).listing;
  return compareListings(await listingOf(before), await listingOf(after), options);
}
