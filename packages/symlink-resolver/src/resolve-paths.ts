import type { LinkReader } from './link-reader.js';
import { Place } from './place.js';
import type { RealPath } from './real-path.js';
import { ResolveError } from './resolve-error.js';
import { Walk, type WalkFailure } from './walk.js';

/** Why a path leads nowhere, by the name that errno(3) has for it. */
export type ResolveFailure = WalkFailure;

export interface ResolveRequest {
  /** Absolute byte string as the process asked for it; may hold `..`, `//`, links. Inside `root`, if given. */
  readonly path: string;
  /** Follow a link in the last component; false for lstat, readlink, unlink. Default true. */
  readonly follow?: boolean;
  /** The directory that `/` means for this path, as after chroot(2); itself resolved first. Default `/`. */
  readonly root?: string;
}

export interface Resolution {
  /** Where the path ends, seen from the tree's own root; with a failure, the last place that exists. */
  readonly path: RealPath;
  /** Every directory and link crossed, from `/` on, each once, in the order met; the last one is `path`. */
  readonly crossed: readonly RealPath[];
  /** Absent when the path leads to an entry. */
  readonly failure?: ResolveFailure;
  /** With ENOENT: the entry that is not there, where it would have to be. Absent for an empty path. */
  readonly missing?: RealPath;
}

/**
 * Follow many paths the way the kernel would.
 *
 * One loop over rounds: every walk goes as far as the known answers reach, then all places that the
 * walks may need next are asked for at once. The number of rounds is at most one more than the links
 * on the path that has most of them (the same again for the roots, if any is given), whatever the
 * number of paths; no place is asked for twice.
 *
 * A path's length as a whole (PATH_MAX) is not limited here: a process may well reach a longer one by
 * relative steps.
 *
 * @returns  one resolution per request, in the order asked; what is not there is a `failure`, not an error
 * @throws ResolveError RESOLVE_NOT_ABSOLUTE, RESOLVE_BAD_READER
 * @see path_resolution(7)
 */
export async function resolvePaths(
  requests: readonly ResolveRequest[],
  links: LinkReader,
): Promise<readonly Resolution[]> {
  for (const { path, root } of requests) {
    if (path !== '' && !path.startsWith('/')) throw notAbsolute(path);
    if (root !== undefined && !root.startsWith('/')) throw notAbsolute(root);
  }
  const top = Place.root();
  const roots = new Map<string, Walk>();
  for (const { root } of requests) {
    if (root !== undefined && !roots.has(root)) roots.set(root, new Walk(top, `${root}/`, true));
  }
  await finish([...roots.values()], links);

  const walks = requests.map(({ path, follow, root }) => {
    const rootWalk = root === undefined ? undefined : roots.get(root);
    if (rootWalk?.failure !== undefined) return rootWalk;
    return new Walk(rootWalk?.current ?? top, path, follow ?? true);
  });
  await finish(walks, links);
  return walks.map((walk, index) => {
    const root = requests[index]?.root;
    return toResolution(walk, root === undefined ? undefined : roots.get(root));
  });
}

/**
 * Follow one path the way the kernel would; `resolvePaths` for one.
 *
 * @example
 * await resolvePath({ path: '/bin/sh' }, links)
 * // { path: '/usr/bin/dash', crossed: ['/', '/bin', '/usr', '/usr/bin', '/usr/bin/sh', '/usr/bin/dash'] }
 */
export async function resolvePath(request: ResolveRequest, links: LinkReader): Promise<Resolution> {
  const [resolution] = await resolvePaths([request], links);
  return resolution as Resolution;
}

async function finish(walks: readonly Walk[], links: LinkReader): Promise<void> {
  let open = walks.filter((walk) => !walk.advance());
  while (open.length > 0) {
    const places: Place[] = [];
    for (const walk of open) walk.collectUnasked(places);
    const answers = await links.readLinks(places.map((place) => place.path));
    if (answers.length !== places.length) {
      throw new ResolveError(
        'RESOLVE_BAD_READER',
        `the link reader gave ${answers.length} answers to ${places.length} paths`,
      );
    }
    places.forEach((place, index) => {
      place.answer = answers[index];
    });
    open = open.filter((walk) => !walk.advance());
  }
}

function toResolution(walk: Walk, root: Walk | undefined): Resolution {
  const { failure, missing } = walk;
  const path = walk.current.path;
  const crossed = root === undefined || root === walk ? walk.crossed : join(root.crossed, walk.crossed);
  if (failure === undefined) return { path, crossed };
  return missing === undefined ? { path, crossed, failure } : { path, crossed, failure, missing };
}

/** Each place once, the end of the second list last. */
function join(before: readonly RealPath[], after: readonly RealPath[]): readonly RealPath[] {
  const distinct = new Set([...before, ...after]);
  const end = after.at(-1);
  if (end === undefined) return [...distinct];
  distinct.delete(end);
  return [...distinct, end];
}

function notAbsolute(path: string): ResolveError {
  return new ResolveError(
    'RESOLVE_NOT_ABSOLUTE',
    `the path ${JSON.stringify(path)} does not begin with /; join it with the working directory first`,
  );
}
