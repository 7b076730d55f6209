import {
  type LinkReader,
  type Resolution,
  type ResolveRequest,
  resolvePaths,
} from '@keepset/symlink-resolver';

/**
 * Resolve what several rules ask for in the same rounds of questions.
 *
 * @returns  for each list of requests its resolutions, in the order asked
 */
export async function resolveTogether(
  lists: readonly (readonly ResolveRequest[])[],
  links: LinkReader,
): Promise<readonly (readonly Resolution[])[]> {
  const resolutions = await resolvePaths(lists.flat(), links);
  let next = 0;
  return lists.map(({ length }) => {
    const own = resolutions.slice(next, next + length);
    next += length;
    return own;
  });
}
