import type { Engine } from '@keepset/docker-engine';
import type { ToolboxOptions } from '@keepset/toolbox';
import { createProgress } from './progress.js';
import { type MadeImage, makeImage } from './publish/make-image.js';
import { checkPublication, type Publication } from './publish/publish-result.js';
import { openScratchFolder } from './scratch-folder.js';
import { openSource } from './source/open-source.js';
import type { ShrinkStreams } from './trace-options.js';

export interface FlattenOptions extends Publication {
  /** Name or id. */
  readonly image: string;
  /** OS/ARCHITECTURE[/VARIANT] to pull, where the engine has not got the image. Default: the engine's own. */
  readonly platform?: string;
  readonly toolbox?: ToolboxOptions;
}

/**
 * Make an image of one layer that holds all that the source holds, and nothing of what its layers hid; the
 * configuration stays.
 *
 * @throws EngineError, ToolboxError, BuildError, ShrinkError WRONG_ARCHITECTURE
 * @example
 * const made = await flatten(engine, { image: 'debian:12', tags: ['example:flat'], version: '1' }, { onEvent() {} });
 * made.entries > 1000 // true
 */
export async function flatten(
  engine: Engine,
  options: FlattenOptions,
  { onEvent }: Pick<ShrinkStreams, 'onEvent'>,
): Promise<MadeImage> {
  checkPublication(options);
  const progress = createProgress(onEvent);
  await using scratch = await openScratchFolder();
  const { image: reference, platform, toolbox } = options;
  await using source = await openSource(engine, { reference, platform, toolbox }, progress);
  const paths = await progress.stage('keep', '', async () => {
    const tree = await source.tree();
    return [Array.from(tree.entries(), ({ path }) => path), `${tree.size} entries`] as const;
  });
  const place = { folder: scratch.path, progress };
  return await makeImage(engine, source, options, { maker: 'flatten', paths }, place);
}
