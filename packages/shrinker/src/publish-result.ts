import { join } from 'node:path';
import type { ImageReference } from '@keepset/docker-engine';
import {
  applyChanges,
  type BuiltImage,
  configureImage,
  type ImageFacts,
  type SpooledLayer,
  writeOutput,
} from '@keepset/image-builder';
import type { Source } from './open-source.js';
import type { ShrinkRequest } from './shrink.js';
import type { Work } from './work.js';

/**
 * What cannot be understood must not be found out after a long run.
 *
 * @throws BuildError BUILD_BAD_CHANGE
 */
export function checkPublication({ changes = [] }: ShrinkRequest): void {
  applyChanges({}, changes);
}

export interface Published {
  readonly image: BuiltImage;
  /** Of the first OCI image that was written. */
  readonly manifestDigest: string | undefined;
}

/** What is said of the result while it has yet to prove itself: the source's configuration, unchanged. */
export function imageFacts({ version, created }: ShrinkRequest, source: Source): ImageFacts {
  return {
    source: source.image,
    createdBy: `shrink ${version}`,
    comment: `from ${source.image.id}`,
    ...(created !== undefined && { created }),
  };
}

/** The layer is kept on this machine when it is to be sent again. */
export function layerFileOf(
  { folder }: Work,
  { outputs = [], changes = [] }: ShrinkRequest,
  { image }: Source,
): { readonly layerFile?: string } {
  const isSentAgain = outputs.length > 0 || (changes.length > 0 && !image.layersByDiffId);
  return isSentAgain ? { layerFile: join(folder, 'layer.tar') } : {};
}

/**
 * Give a result that has proved itself its configuration, its names, and take it to where it is wanted.
 *
 * @returns the image that has the names; with outputs and no name it has left the engine
 * @throws BuildError, EngineError
 */
export async function publishResult(
  work: Work,
  request: ShrinkRequest,
  source: Source,
  proven: BuiltImage,
  names: readonly Required<Omit<ImageReference, 'digest'>>[],
): Promise<Published> {
  const { engine, stages } = work;
  const { changes = [], outputs = [] } = request;
  const final =
    changes.length === 0
      ? proven
      : await configureImage(engine, proven.layer, { ...imageFacts(request, source), changes });
  const references = names.map(({ repository, tag }) => `${repository}:${tag}`);
  let manifestDigest: string | undefined;
  try {
    for (const output of outputs) {
      await stages.run('output', output.type, async () => {
        const layer = final.layer as SpooledLayer;
        const digest = await writeOutput({ config: final.config, layer, references }, output);
        manifestDigest ??= digest;
        return [
          undefined,
          typeof output.destination === 'string' ? output.destination : 'standard output',
        ] as const;
      });
    }
    for (const name of names) await engine.tagImage(final.id, name);
  } catch (error) {
    if (final !== proven && !final.existed) await engine.removeImage(final.id);
    throw error;
  }
  // It has handed over its layer.
  if (final.id !== proven.id && !proven.existed) await engine.removeImage(proven.id);
  if (names.length === 0 && outputs.length > 0 && !final.existed) await engine.removeImage(final.id);
  return { image: final, manifestDigest };
}
