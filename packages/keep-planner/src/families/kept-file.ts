import { type RealPath, resolvePaths } from '@keepset/symlink-resolver';
import type { Keeping } from '../plan/keeping.js';

/** Where a file really is that stays with its content; undefined where none does. @param path  as programs ask for it */
export async function keptFile(
  path: string,
  { source, ends }: Pick<Keeping, 'source' | 'ends'>,
): Promise<RealPath | undefined> {
  const [resolution] = await resolvePaths([{ path }], source);
  if (resolution === undefined || resolution.failure !== undefined) return undefined;
  const end = ends.get(resolution.path);
  return end === undefined || end.isStub ? undefined : resolution.path;
}
