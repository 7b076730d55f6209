import type { ImageSource } from '@keepset/image-source';
import { resolvePaths } from '@keepset/symlink-resolver';
import { toKeptPaths } from './kept-paths.js';
import { requireReal } from './require-real.js';

/**
 * What a list of paths needs to work in an image: each path where it really is, with the folders and links on the way,
 * and, of a link, what it leads to, as far as that is there. What is in a folder is not added.
 *
 * @param paths  absolute byte strings, as one would ask for them: links, `..` and `//` may be in them
 * @returns      real paths, for `buildImage`; sorted, each once
 * @throws BuildError BUILD_NOTHING_KEPT; BUILD_PATHS_MISSING  the source lacks some of the paths; SourceError
 * @example await completePaths(['/bin/sh'], image)
 * // ['/', '/bin', '/usr', '/usr/bin', '/usr/bin/dash', '/usr/bin/sh']
 */
export async function completePaths(
  paths: readonly string[],
  source: Pick<ImageSource, 'tree'>,
): Promise<readonly string[]> {
  const tree = await source.tree();
  const asked = paths.map((path) => ({ path: path.startsWith('/') ? path : '' }));
  const named = await resolvePaths(
    asked.map(({ path }) => ({ path, follow: false })),
    tree,
  );
  await requireReal(
    source,
    paths.filter((_, index) => named[index]?.failure !== undefined),
  );
  // A link may lead nowhere, and be wanted all the same: what is crossed up to there is kept.
  const followed = await resolvePaths(asked, tree);
  return toKeptPaths([...named, ...followed].flatMap(({ crossed }) => crossed));
}
