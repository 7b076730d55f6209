import type { Engine, ImageConfig } from '@keepset/docker-engine';
import { type ContextFile, toBuildContext } from '@keepset/image-builder';
import type { ImageSource } from '@keepset/image-source';
import { formatKeepList } from '@keepset/keep-planner';
import type { StoredManifest } from '@keepset/manifest';
import { ShrinkError } from '../shrink-error.js';
import { findRecordedSource } from '../source/find-recorded-source.js';

/**
 * A build context that makes a result again with BuildKit, without keepset: Dockerfile, its lists, and keep.txt for
 * people.
 *
 * @param from   who has the source, whose configuration is needed: an engine, or the source itself
 * @param tools  an image with GNU tar and coreutils
 * @throws ShrinkError SOURCE_GONE  the engine has not got the source, or `from` is another image
 * @throws BuildError BUILD_NO_INSTRUCTION
 * @example
 * const files = await emitContext(engine, await readManifest('manifest.json'));
 * files.map(({ name }) => name).includes('Dockerfile') // true
 */
export async function emitContext(
  from: Pick<Engine, 'inspectImage'> | ImageSource,
  manifest: StoredManifest,
  tools?: string,
): Promise<readonly ContextFile[]> {
  const { id, reference = id, repositoryDigests = [] } = manifest.source;
  const config =
    'inspectImage' in from ? (await findRecordedSource(from, manifest)).config : configOf(from, manifest);
  const paths = [...manifest.entries].flatMap(([path, { isKept }]) => (isKept ? [path] : []));
  const stubs = new Set(manifest.keptPaths.flatMap(({ path, stub }) => (stub ? [path] : [])));
  const source = repositoryDigests[0] ?? reference;
  return [
    ...toBuildContext({ config, source, paths, stubs, ...(tools !== undefined && { tools }) }),
    { name: 'keep.txt', content: formatKeepList(manifest.keptPaths) },
  ];
}

/** An engine may know an image by its manifest. */
function configOf(image: ImageSource, { source }: Pick<StoredManifest, 'source'>): ImageConfig {
  if (source.id === image.id || source.id === image.manifestDigest) return image.config.config ?? {};
  throw new ShrinkError('SOURCE_GONE', `the image is ${image.id}, and the source was ${source.id}`, {
    hint: 'Name the image that the manifest is of. A copy in another format has another ID: docker save keeps it.',
  });
}
