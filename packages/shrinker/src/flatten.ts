import { type Engine, parseTagReference } from '@keepset/docker-engine';
import { openImageReader, provideToolbox, type ToolboxOptions } from '@keepset/toolbox';
import { type MadeImage, makeImage } from './make-image.js';
import { checkPublication, type Publication } from './publish-result.js';
import { findSource, readTree } from './source-image.js';
import { beginWork, type ShrinkStreams } from './work.js';

export interface FlattenRequest extends Publication {
  /** Reference or id. */
  readonly image: string;
  readonly platform?: string;
  readonly toolbox?: ToolboxOptions;
}

/**
 * Make an image of one layer that holds all that the source holds, and nothing of what its layers hid; the
 * configuration stays.
 *
 * @throws EngineError, ToolboxError, BuildError, ShrinkError WRONG_ARCHITECTURE
 */
export async function flatten(
  engine: Engine,
  request: FlattenRequest,
  { onEvent }: Pick<ShrinkStreams, 'onEvent'>,
): Promise<MadeImage> {
  const names = request.tags.map(parseTagReference);
  checkPublication(request);
  const run = { image: request.image, command: [], run: {} };
  await using work = await beginWork(engine, run, { onEvent, onOutput() {} });
  const { stages } = work;
  const { image, toolbox } = await stages.run('inspect', request.image, async () => {
    const image = await findSource(engine, request.image, request.platform, () =>
      onEvent({ kind: 'note', message: `the engine has no image '${request.image}': pulling it` }),
    );
    const { architecture } = engine.details;
    const toolbox = await provideToolbox(engine, image.id, architecture, request.toolbox);
    return [{ image, toolbox }, image.id.slice('sha256:'.length, 19)] as const;
  });
  await using reader = await openImageReader(engine, image, toolbox);
  const paths = await stages.run('keep', '', async () => {
    const tree = await readTree(reader);
    return [Array.from(tree.entries(), ({ path }) => path), `${tree.size} entries`] as const;
  });
  return await makeImage(work, request, { maker: 'flatten', source: image, reader, paths, names });
}
