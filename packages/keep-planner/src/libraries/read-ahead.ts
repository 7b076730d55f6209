import type { SourceImage } from '../image/source-image.js';
import { PlanError } from '../plan/plan-error.js';

/**
 * A source that has read some files before anybody asks for them, in one question: each question takes as long as some
 * hundred files.
 *
 * @param paths  real paths; what is no file of the image is passed over
 * @throws PlanError PLAN_BAD_SOURCE
 */
export async function readAhead(
  paths: readonly string[],
  source: SourceImage,
  maxBytes: number,
): Promise<SourceImage> {
  const files = paths.filter((path) => source.tree.get(path)?.type === 'file');
  const contents = files.length === 0 ? [] : await source.readHeads(files, maxBytes);
  if (contents.length !== files.length)
    throw new PlanError('PLAN_BAD_SOURCE', `the source gave ${contents.length} of ${files.length} files`);
  const known = new Map(files.map((path, index) => [path, contents[index]]));
  return {
    ...source,
    async readHeads(asked, bytes) {
      const isKnown = (path: string) => bytes <= maxBytes && known.has(path);
      const unknown = asked.filter((path) => !isKnown(path));
      const heads = unknown.length === 0 ? [] : await source.readHeads(unknown, bytes);
      if (heads.length !== unknown.length)
        throw new PlanError('PLAN_BAD_SOURCE', `the source gave ${heads.length} of ${unknown.length} files`);
      const found = new Map(unknown.map((path, index) => [path, heads[index]]));
      return asked.map((path) => (isKnown(path) ? known.get(path)?.subarray(0, bytes) : found.get(path)));
    },
  };
}
