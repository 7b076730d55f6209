import type { ImageSource } from '@keepset/image-source';
import { resolvePaths } from '@keepset/symlink-resolver';
import { BuildError } from '../build-error.js';

/**
 * Of paths that a source lacks, or that lead through its links, an image would be made that is not what was meant.
 *
 * @throws BuildError BUILD_PATHS_MISSING, BUILD_PATHS_NOT_REAL  `paths` has all that it is about
 */
export async function requireReal(
  source: Pick<ImageSource, 'tree'>,
  paths: readonly string[],
): Promise<void> {
  const tree = await source.tree();
  const unknown = paths.filter((path) => !tree.has(path));
  if (unknown.length === 0) return;
  const found = await resolvePaths(
    unknown.map((path) => ({ path: path.startsWith('/') ? path : '', follow: false })),
    tree,
  );
  const missing = unknown.filter((_, index) => found[index]?.failure !== undefined);
  if (missing.length > 0) throw pathsMissing(missing, paths.length);
  const lines = unknown.map((path, index) => {
    const real = found[index]?.path ?? '';
    const link = found[index]?.crossed.find((crossed) => tree.get(crossed)?.type === 'symlink');
    const through = link === undefined ? '' : ` through the link ${printPath(link)}`;
    return `${printPath(path)} is ${printPath(real)}${through}`;
  });
  throw new BuildError('BUILD_PATHS_NOT_REAL', listAll(lines), {
    hint: 'Name the real paths; `completePaths` finds them, with the links on the way.',
    paths: unknown,
  });
}

function pathsMissing(missing: readonly string[], count: number): BuildError {
  return new BuildError(
    'BUILD_PATHS_MISSING',
    `the source lacks ${missing.length} of the ${count} paths to keep: ${listAll(missing.map(printPath))}`,
    { hint: 'Take them off the list, or use the image that it was made of.', paths: missing },
  );
}

/** Of a list in a message. */
const LIST_LENGTH_MAX = 400;

/** As many as have room, and the number of the others. */
function listAll(texts: readonly string[]): string {
  const shown: string[] = [];
  let length = 0;
  for (const text of texts) {
    length += text.length;
    if (shown.length > 0 && length > LIST_LENGTH_MAX) break;
    shown.push(text.slice(0, LIST_LENGTH_MAX));
  }
  const others = texts.length - shown.length;
  return `${shown.join(', ')}${others === 0 ? '' : ` and ${others} more`}`;
}

function printPath(path: string): string {
  return JSON.stringify(Buffer.from(path, 'latin1').toString('utf8')).slice(1, -1);
}
