import { effectiveCommand, type ImageDetails } from '@keepset/docker-engine';
import type { ImageTree } from '@keepset/image-tree';
import {
  type ImageReader,
  openImageReader,
  provideToolbox,
  type ReaderOptions,
  type Toolbox,
} from '@keepset/toolbox';
import { ShrinkError } from './shrink-error.js';
import { findSource, readTree } from './source-image.js';
import type { Work } from './work.js';

/** The source image, opened: what every further step asks. */
export interface Source extends AsyncDisposable {
  readonly image: ImageDetails;
  readonly toolbox: Toolbox;
  readonly reader: ImageReader;
  /** Everything that the image holds; read once, from the first time that it is asked for. */
  readTree(): Promise<ImageTree>;
  /** The same tree, for whom it is early enough when another has asked for it. */
  readonly listed: Promise<ImageTree>;
  /** ENTRYPOINT and CMD as they are merged. */
  readonly command: readonly string[];
}

/**
 * @param options  in the background, when a traced run shall not be slowed by the listing; `id`: the image that is
 *   meant, where the name may mean another by now
 * @throws ShrinkError COMMAND_MISSING, WRONG_ARCHITECTURE; EngineError IMAGE_NOT_FOUND; ToolboxError
 */
export async function openSource(
  { engine, request, streams, stages }: Work,
  { id, ...readerOptions }: ReaderOptions & { readonly id?: string },
): Promise<Source> {
  const { image, toolbox, command } = await stages.run('inspect', request.image, async () => {
    const image = await findSource(engine, id ?? request.image, request.run.platform, () =>
      streams.onEvent({ kind: 'note', message: `the engine has no image '${request.image}': pulling it` }),
    );
    const command = effectiveCommand(image.config, request.command, request.run.entrypoint);
    if (command.length === 0) {
      throw new ShrinkError('COMMAND_MISSING', `'${request.image}' has no ENTRYPOINT and no CMD`, {
        hint: 'Say after IMAGE which command to run.',
      });
    }
    const toolbox = await provideToolbox(engine, image.id, engine.details.architecture, request.toolbox);
    return [{ image, toolbox, command }, image.id.slice('sha256:'.length, 19)] as const;
  });
  const reader = await openImageReader(engine, image, toolbox, readerOptions);
  let tree: Promise<ImageTree> | undefined;
  let tellListed: (tree: ImageTree) => void = () => {};
  const listed = new Promise<ImageTree>((resolve) => {
    tellListed = resolve;
  });
  return {
    image,
    toolbox,
    reader,
    readTree() {
      if (tree === undefined) {
        tree = readTree(reader);
        tree.then(tellListed, () => {});
      }
      return tree;
    },
    listed,
    command,
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
}
