import type { LinkReader } from './link-reader.js';
import { Place } from './place.js';
import type { RealPath } from './real-path.js';
import { ResolveError } from './resolve-error.js';
import { Walk, type WalkFailure } from './walk.js';

/** Why a path leads nowhere, by the name that errno(3) has for it. */
export type ResolveFailure = WalkFailure;

/** A path to follow. */
export interface ResolveRequest {
  /** Absolute byte string as the process asked for it; may hold `..`, `//`, links. Inside `root`, if given. */
  readonly path: string;
  /** Follow a link in the last component; false for lstat, readlink, unlink. Default true. */
  readonly follow?: boolean;
  /** The directory that `/` means for this path, as after chroot(2); itself resolved first. Default `/`. */
  readonly root?: string;
}

/** Where a path leads. */
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
  const names = [...new Set(requests.flatMap(({ root }) => (root === undefined ? [] : [root])))];
  const rootWalks = await walkAll(names.length, links, {
    start: (index) => new Walk(top, `${names[index]}/`, true),
    end: (walk) => walk,
  });
  const roots = new Map(names.map((name, index) => [name, rootWalks[index] as Walk]));
  const rootOf = ({ root }: ResolveRequest) => (root === undefined ? undefined : roots.get(root));

  return walkAll(requests.length, links, {
    start: (index) => {
      const request = requests[index] as ResolveRequest;
      const root = rootOf(request);
      if (root?.failure !== undefined) return root;
      return new Walk(root?.current ?? top, request.path, request.follow ?? true);
    },
    end: (walk, index) => toResolution(walk, rootOf(requests[index] as ResolveRequest)),
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

interface Walks<Result> {
  start(index: number): Walk;
  end(walk: Walk, index: number): Result;
}

/**
 * Walk them all to their ends, round by round.
 *
 * A walk that lacks an answer is thrown away and begun anew in the next round: rounds are few, and a hundred
 * thousand walks held over a round cost more than walking twice.
 */
async function walkAll<Result>(count: number, links: LinkReader, walks: Walks<Result>): Promise<Result[]> {
  const results = new Array<Result>(count);
  let open = Array.from({ length: count }, (_, index) => index);
  while (open.length > 0) {
    const places: Place[] = [];
    open = open.filter((index) => {
      const walk = walks.start(index);
      if (!walk.advance()) {
        walk.collectUnasked(places);
        return true;
      }
      results[index] = walks.end(walk, index);
      return false;
    });
    await ask(places, links);
  }
  return results;
}

async function ask(places: readonly Place[], links: LinkReader): Promise<void> {
  if (places.length === 0) return;
  const answers = await links.readLinks(places.map((place) => place.path));
  if (answers.length !== places.length) {
    throw new ResolveError(
      'RESOLVE_BAD_READER',
      `the link reader gave ${answers.length} answers to ${places.length} paths`,
    );
  }
  for (const [index, place] of places.entries()) place.answer = answers[index];
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
