import { type Container, streamProgram } from '@keepset/docker-engine';
import { toolCommand } from '../toolbox-layout.js';
import type { CoveredPaths } from './covered-paths.js';

/**
 * The whole tree, without the covered paths.
 *
 * @param format  of GNU find's -printf
 */
export function readListing(
  container: Container,
  { paths }: CoveredPaths,
  format: string,
): AsyncIterable<Uint8Array> {
  const covered = paths.flatMap((path, index) => [...(index > 0 ? ['-o'] : []), '-path', path]);
  // Without -xdev: a copy of the image's files is mounted at each VOLUME.
  // A whiteout that a merged view shows has a name, and is not there.
  const command = toolCommand('find', [
    '/',
    '-ignore_readdir_race',
    '(',
    ...covered,
    ')',
    '-prune',
    '-o',
    '-printf',
    format,
  ]);
  return streamProgram(container, { command });
}
