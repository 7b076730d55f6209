import { type Engine, HISTORY_MARK, type ImageConfig } from '@keepset/docker-engine';
import type { ImageSource } from '@keepset/image-source';
import { applyChanges } from '../configuration/apply-changes.js';
import { toImageConfig } from '../configuration/image-config.js';
import type { Layer } from '../layer/layer.js';
import { packParts } from '../output/archive-parts.js';
import { digestOf } from '../output/digest-of.js';
import { toDockerArchive } from '../output/docker-archive.js';

/** What is said of an image beside its files. */
export interface ImageFacts {
  /** Whose configuration it gets. */
  readonly source: Pick<ImageSource, 'config'>;
  /** What stands in the history after 'keepset '. */
  readonly createdBy: string;
  readonly comment?: string;
  /** ISO 8601; default: the source's. */
  readonly created?: string;
  /** Dockerfile instructions that change the configuration, as `applyChanges` takes them. */
  readonly changes?: readonly string[];
}

/** An image that the engine, if there is one, holds under its id, without a name. */
export interface BuiltImage {
  readonly id: string;
  /** The engine had it before, so it is not this build's to remove. */
  readonly existed: boolean;
  /** JSON; its sha256 is the image id. */
  readonly config: string;
  /** The lowest first. */
  readonly layers: readonly Layer[];
}

/**
 * Make an image of layers.
 *
 * @param engine  undefined: the image is its configuration, and the files of its layers
 * @param layers  the lowest first; with their files, unless the engine has them, and knows layers by their diff ids
 * @throws BuildError BUILD_BAD_CHANGE; EngineError  nothing is left behind
 * @example
 * const layer = await spoolPaths(image, ['/etc/passwd'], { file: `${folder}/layer.tar` });
 * const { id } = await configureImage(engine, [layer], { source: image, createdBy: 'an example' });
 * await engine.removeImage(id);
 */
export async function configureImage(
  engine: Engine | undefined,
  layers: readonly Layer[],
  facts: ImageFacts,
): Promise<BuiltImage> {
  const { source, createdBy, comment, created, changes = [] } = facts;
  const own = (source.config.config ?? {}) as ImageConfig;
  const config = toImageConfig(
    { ...source.config, config: applyChanges(own, changes) },
    {
      layers,
      createdBy: `${HISTORY_MARK}${createdBy}`,
      ...(created !== undefined && { created }),
      ...(comment !== undefined && { comment }),
    },
  );
  const id = digestOf(config);
  if (engine === undefined) return { id, existed: false, config, layers };
  // The same source and the same list give the same image: it may be there, under a name of the user's.
  if ((await engine.inspectImage(id)) !== undefined) return { id, existed: true, config, layers };
  try {
    const loaded = await engine.loadImage(packParts(toDockerArchive(config, layers)));
    return { id: loaded, existed: false, config, layers };
  } catch (error) {
    // An interrupted load may have been finished by the engine all the same.
    await engine.removeImage(id);
    throw error;
  }
}
