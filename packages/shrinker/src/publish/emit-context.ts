import type { Engine } from '@keepset/docker-engine';
import { type ContextFile, toBuildContext } from '@keepset/image-builder';
import { formatKeepList } from '@keepset/keep-planner';
import type { StoredManifest } from '@keepset/manifest';
import { findRecordedSource } from '../source/find-recorded-source.js';

/**
 * A build context that makes a result again with BuildKit, without keepset: Dockerfile, its lists, and keep.txt for
 * people.
 *
 * @param tools  an image with GNU tar and coreutils
 * @throws ShrinkError SOURCE_GONE  the engine has not got the source, whose configuration is needed
 * @throws BuildError BUILD_NO_INSTRUCTION
 * @example
 * const files = await emitContext(engine, await readManifest('manifest.json'));
 * files.map(({ name }) => name).includes('Dockerfile') // true
 */
export async function emitContext(
  engine: Engine,
  manifest: StoredManifest,
  tools?: string,
): Promise<readonly ContextFile[]> {
  const { id, reference = id, repositoryDigests = [] } = manifest.source;
  const image = await findRecordedSource(engine, manifest);
  const paths = [...manifest.entries].flatMap(([path, { isKept }]) => (isKept ? [path] : []));
  const stubs = new Set(manifest.keptPaths.flatMap(({ path, stub }) => (stub ? [path] : [])));
  const source = repositoryDigests[0] ?? reference;
  return [
    ...toBuildContext({ config: image.config, source, paths, stubs, ...(tools !== undefined && { tools }) }),
    { name: 'keep.txt', content: formatKeepList(manifest.keptPaths) },
  ];
}
