import { existsSync } from 'node:fs';
import { AsyncDisposableStack } from '@keepset/docker-engine';
import {
  type CompareOptions,
  compareListings,
  type FileListing,
  type ListingDifference,
  readFileListing,
} from '@keepset/manifest';
import { compareListed, type ListedImage, listImage, listSource } from '@keepset/shrinker';
import { engineOf } from '../inputs/engine-of.js';
import { openNamedImage } from '../inputs/open-named-image.js';
import { toolboxOptions } from '../inputs/toolbox-options.js';
import type { Console } from '../terminal/console.js';
import { showNotes } from '../terminal/show-notes.js';

/** Two sides of `keepset diff`, of which one at least is an image; contents are read where both are. */
export async function compareWithImages(
  [before, after]: readonly [before: string, after: string],
  options: CompareOptions,
  console: Console,
): Promise<ListingDifference> {
  await using opened = new AsyncDisposableStack();
  let engine: ReturnType<typeof engineOf> | undefined;
  const engineOnce = async () => {
    engine ??= engineOf(console).then((connected) => opened.use(connected));
    return await engine;
  };
  const listed = async (name: string): Promise<ListedImage> => {
    const image = await openNamedImage(name, {}, console);
    if (image.kind === 'source') return opened.use(await listSource(image.source));
    const listing = { toolbox: toolboxOptions('auto', console), onEvent: showNotes(console) };
    return opened.use(await listImage(await engineOnce(), image.name, listing));
  };
  if (!existsSync(before) && !existsSync(after))
    return await compareListed(await listed(before), await listed(after), options);
  const listingOf = async (name: string): Promise<FileListing> =>
    existsSync(name) ? await readFileListing(name) : (await listed(name)).listing;
  return compareListings(await listingOf(before), await listingOf(after), options);
}
