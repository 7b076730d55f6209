import type { Engine } from '@keepset/docker-engine';
import type { ImageSource } from '@keepset/image-source';
import type { Progress } from '../progress.js';
import { ShrinkError } from '../shrink-error.js';
import { openGivenSource } from './open-given-source.js';
import { openSource, type ReadSource, type SourceOptions } from './open-source.js';

export interface ReadSourceOptions extends SourceOptions {
  /** The image, where it is not an engine's. Default: the engine's. */
  readonly source?: ImageSource | undefined;
}

/**
 * Open an image in which nothing is run: one that is given, or an engine's.
 *
 * @throws ShrinkError NO_ENGINE, WRONG_ARCHITECTURE; SourceError, EngineError, ToolboxError
 */
export async function openReadSource(
  engine: Engine | undefined,
  { source, ...options }: ReadSourceOptions,
  progress: Pick<Progress, 'stage' | 'note'>,
): Promise<ReadSource> {
  if (source !== undefined)
    return await progress.stage('inspect', options.reference, async () => {
      const opened = await openGivenSource(source, options.reference);
      return [opened, opened.image.id.slice('sha256:'.length, 19)] as const;
    });
  if (engine !== undefined) return await openSource(engine, options, progress);
  throw new ShrinkError('NO_ENGINE', `'${options.reference}' is an image of an engine, and there is none`);
}

/**
 * An image that no engine takes has to go somewhere else.
 *
 * @throws ShrinkError NO_ENGINE
 */
export function requirePlace(
  engine: Engine | undefined,
  { outputs = [] }: { readonly outputs?: readonly unknown[] },
): void {
  if (engine === undefined && outputs.length === 0)
    throw new ShrinkError('NO_ENGINE', 'there is no engine that could take the result', {
      facts: { wanted: 'place' },
      hint: 'Give it another place: an output.',
    });
}
