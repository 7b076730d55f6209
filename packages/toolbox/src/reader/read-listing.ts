import { type Container, streamProgram } from '@keepset/docker-engine';
import { toolCommand } from '../toolbox-layout.js';
import type { CoveredPaths } from './covered-paths.js';
import { lookAhead } from './look-ahead.js';

/** A listing of so much is of some hundred thousand entries: then it is worth while to look at its end beforehand. */
const LONG_BYTES = 8 * 1024 * 1024;

/**
 * The whole tree, without the covered paths.
 *
 * @param format  of GNU find's -printf
 */
export async function* readListing(
  container: Container,
  { paths }: CoveredPaths,
  format: string,
): AsyncGenerator<Uint8Array> {
  const covered = paths.flatMap((path, index) => [...(index > 0 ? ['-o'] : []), '-path', path]);
  // Without -xdev: a copy of the image's files is mounted at each VOLUME.
  // A whiteout that a merged view shows has a name, and is not there.
  const walk = ['/', '-ignore_readdir_race', '(', ...covered, ')', '-prune', '-o'];
  const command = toolCommand('find', [...walk, '-printf', format]);
  let bytes = 0;
  let isOver = false;
  let isLong = false;
  try {
    for await (const chunk of streamProgram(container, { command })) {
      bytes += chunk.length;
      if (!isLong && bytes > LONG_BYTES) {
        isLong = true;
        // What it fails with, the listing finds out by itself, or does without.
        lookAhead(container, walk, () => isOver).catch(() => {});
      }
      yield chunk;
    }
  } finally {
    isOver = true;
  }
}
