import { BuildError } from '../build-error.js';

/**
 * The paths of a list by their bytes, each once: the same image each time, and folders before what they hold.
 *
 * @throws BuildError BUILD_NOTHING_KEPT
 */
export function toKeptPaths(paths: readonly string[]): readonly string[] {
  if (paths.every((path) => path === '/'))
    throw new BuildError('BUILD_NOTHING_KEPT', 'there is nothing to keep: the image would be empty');
  // No set: of the paths of a large image it is large.
  return paths.toSorted().filter((path, index, all) => path !== all[index - 1]);
}
