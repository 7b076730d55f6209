import type { SourceImage } from '../image/source-image.js';
import { PlanError } from '../plan/plan-error.js';

export interface FileText {
  readonly path: string;
  /** A byte string. */
  readonly text: string;
}

/** A configuration is short; what is longer is none. */
const MAX_BYTES = 256 * 1024;

/**
 * The texts of those of some paths that are files of the image, in one question.
 *
 * @param paths  real paths
 * @throws PlanError PLAN_BAD_SOURCE
 */
export async function readTexts(
  paths: readonly string[],
  source: Pick<SourceImage, 'tree' | 'readHeads'>,
): Promise<readonly FileText[]> {
  const files = paths.filter((path) => source.tree.get(path)?.type === 'file');
  if (files.length === 0) return [];
  const heads = await source.readHeads(files, MAX_BYTES);
  if (heads.length !== files.length)
    throw new PlanError('PLAN_BAD_SOURCE', `the source gave ${heads.length} heads of ${files.length} files`);
  return files.flatMap((path, index) => {
    const head = heads[index];
    return head === undefined ? [] : [{ path, text: Buffer.from(head).toString('latin1') }];
  });
}
