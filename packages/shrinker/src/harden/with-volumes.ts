import type { Rights } from '@keepset/hardening';
import type { EndedRun } from '../run/ended-run.js';
import type { WrittenPath } from '../run/written-paths.js';
import { isBelow } from '../source/is-below.js';
import type { HardenedImage } from './hardened-image.js';

/**
 * A run that knows what it wrote to volumes that its rights brought: no engine tells, so they are read, and held against the
 * image.
 */
export function withVolumes(
  ended: EndedRun,
  { writable }: Rights,
  { kept, rewritten }: Pick<HardenedImage, 'kept' | 'rewritten'>,
): EndedRun {
  const folders = writable.filter(({ kind }) => kind === 'volume').map(({ path }) => path);
  if (folders.length === 0) return ended;
  const written = async (): Promise<readonly WrittenPath[]> => {
    const own = await ended.left.written();
    const files = await ended.left.read(folders.map((path) => ({ path, isNew: true })));
    const changed = [...files].filter(
      ([path, { isOfImage }]) => !isOfImage && !folders.includes(path) && !rewritten?.has(path),
    );
    const gone = [...kept.keys()].filter(
      (path) => !files.has(path) && isBelow(path, (above) => folders.includes(above)),
    );
    const paths = [...changed.map(([path]) => path), ...gone];
    return [...own, ...paths.map((path) => ({ path, isNew: false }))];
  };
  return { ...ended, left: { ...ended.left, written } };
}
