import type { Engine, ImageDetails } from '@keepset/docker-engine';
import { parseSourceName } from '@keepset/image-source';
import type { StoredManifest } from '@keepset/manifest';
import { ShrinkError } from '../shrink-error.js';

/**
 * The source of a manifest, by its id: a name may mean another image by now.
 *
 * @throws ShrinkError SOURCE_GONE  the engine has not got it
 */
export async function findRecordedSource(
  engine: Pick<Engine, 'inspectImage'>,
  { source }: Pick<StoredManifest, 'source'>,
): Promise<ImageDetails> {
  const { id, reference = id } = source;
  const image = (await engine.inspectImage(id)) ?? (await named(engine, reference));
  if (image?.id === id) return image;
  throw new ShrinkError('SOURCE_GONE', `the engine has no image ${id}, which '${reference}' was`, {
    hint: 'Pull or load it, or say where it is: its files and its configuration are needed.',
  });
}

/** A place that is no engine's (`oci:FOLDER`) is no name there. */
async function named(
  engine: Pick<Engine, 'inspectImage'>,
  reference: string,
): Promise<ImageDetails | undefined> {
  const { transport } = parseSourceName(reference);
  return transport === 'docker-daemon' ? await engine.inspectImage(reference) : undefined;
}
