import type { Container } from '@keepset/docker-engine';
import type { ImageTree } from '@keepset/image-tree';
import type { AccessAction, FileAccess } from '@keepset/strace-parser';
import { resolvePaths } from '@keepset/symlink-resolver';
import { toBytes } from '../source/byte-string.js';
import { isBelow } from '../source/is-below.js';
import type { MountedPaths } from './mounted-paths.js';

/** Something that a run may have written. */
export interface WrittenPath {
  /** A byte string. */
  readonly path: string;
  /** The run made it, or has it to itself: if it is a directory, so is all that is below. */
  readonly isNew: boolean;
}

const WRITING: ReadonlySet<AccessAction> = new Set(['write', 'create', 'rename', 'unlink', 'change', 'bind']);

/** Paths that a run asked to write, as they come by: real, as far as the kernel says. */
export interface WriteNotes {
  readonly followed: ReadonlySet<string>;
  readonly unfollowed: ReadonlySet<string>;
  note(access: FileAccess): void;
}

export function createWriteNotes(): WriteNotes {
  const followed = new Set<string>();
  const unfollowed = new Set<string>();
  return {
    followed,
    unfollowed,
    note({ action, errno, path, realPath, follow, root }) {
      if (errno !== undefined || !WRITING.has(action)) return;
      const where = realPath?.startsWith('/') ? realPath : path;
      // Inside another root an absolute link leads elsewhere; the path without links is at least its name's place.
      if (!where.startsWith('/')) return;
      (follow && root === undefined ? followed : unfollowed).add(where);
    },
  };
}

/** Where a run wrote by its trace: the topmost of what it made, and what was there before. */
export async function writtenByTrace(
  { followed, unfollowed }: WriteNotes,
  tree: ImageTree,
  { isOutside, isInVolume, volumes }: MountedPaths,
): Promise<readonly WrittenPath[]> {
  const requests = [
    ...[...followed].map((path) => ({ path, follow: true })),
    ...[...unfollowed].map((path) => ({ path, follow: false })),
  ];
  const resolutions = await resolvePaths(requests, tree);
  const places = resolutions.map(({ failure, path, missing }, index): WrittenPath => {
    const asked = requests[index]?.path ?? '';
    if (failure === undefined) return { path, isNew: false };
    if (failure === 'ENOENT' && missing !== undefined) return { path: missing, isNew: true };
    // Made after a link had been made: as it was asked for.
    return { path: asked, isNew: false };
  });
  const own = places.filter(({ path }) => !isOutside(path) && !isInVolume(path));
  return distinct([...own, ...wholeVolumes(volumes)]);
}

/** Where a run wrote by its container: of what it made the topmost, and files that were there before. */
export async function writtenByContainer(
  container: Container,
  tree: ImageTree,
  { isOutside, isInVolume, volumes }: MountedPaths,
): Promise<readonly WrittenPath[]> {
  const places: WrittenPath[] = [...wholeVolumes(volumes)];
  for (const { path: text, kind } of await container.changes()) {
    const path = toBytes(text);
    // The engine makes mount points.
    if (isOutside(path) || isInVolume(path)) continue;
    const isNew = kind === 'added' && !tree.has(path);
    // A directory is changed when anything in it is.
    if (!isNew && tree.get(path)?.type === 'directory' && kind !== 'deleted') continue;
    places.push({ path, isNew });
  }
  return distinct(places);
}

function wholeVolumes(volumes: readonly string[]): readonly WrittenPath[] {
  return volumes.map((path) => ({ path, isNew: true }));
}

/** Each place once, and none below one that is new as a whole. */
export function distinct(places: Iterable<WrittenPath>): readonly WrittenPath[] {
  const sorted = [...places].sort((left, right) =>
    left.path === right.path ? Number(right.isNew) - Number(left.isNew) : left.path < right.path ? -1 : 1,
  );
  const kept = new Map<string, WrittenPath>();
  for (const place of sorted) {
    if (!kept.has(place.path) && !isBelow(place.path, (above) => kept.get(above)?.isNew === true))
      kept.set(place.path, place);
  }
  return [...kept.values()];
}
