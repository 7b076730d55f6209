import type { Engine, ImageDetails } from '@keepset/docker-engine';
import { type ImageSource, openEngineImage } from '@keepset/image-source';
import type { ImageTree } from '@keepset/image-tree';
import {
  type ImageReader,
  openImageReader,
  provideToolbox,
  type Toolbox,
  type ToolboxOptions,
} from '@keepset/toolbox';
import type { Progress } from '../progress.js';
import { findSource } from './find-source.js';
import type { HeadReader } from './inventory-image.js';

/** An image, opened, wherever it lies: what it is, what it holds, and its bytes. */
export interface ReadSource extends AsyncDisposable {
  /** As it was asked for. */
  readonly reference: string;
  /** As an engine describes it, or would. */
  readonly image: ImageDetails;
  /** Paths at which a running container does not show the image. */
  readonly coveredPaths: readonly string[];
  /** Its files. */
  content(): Promise<ImageSource>;
  /** The beginnings of its files, for which not all of them has to pass. */
  heads(): Promise<HeadReader>;
  /** From now on it is read as fast as can be: no run is beside it that would be slowed. */
  toForeground(): Promise<void>;
  /** Everything that the image holds; listed once, from the first time that it is asked for. */
  tree(): Promise<ImageTree>;
  /** The same tree, for whom it is early enough when another has asked for it. */
  readonly listed: Promise<ImageTree>;
}

/** An image of an engine, in which something can be run. */
export interface Source extends ReadSource {
  readonly toolbox: Toolbox;
  /** The one reader; opened again where it was closed. */
  reader(): Promise<ImageReader>;
  /** Close the reader while other work goes on; disposing of the source awaits it. */
  closeReader(): void;
}

export interface SourceOptions {
  /** Name or id of the image. */
  readonly reference: string;
  /** The image that is meant, where the name may mean another by now. Default: what the name means. */
  readonly id?: string;
  /** OS/ARCHITECTURE[/VARIANT] to pull, where the engine has not got it. Default: the engine's own. */
  readonly platform?: string | undefined;
  readonly toolbox?: ToolboxOptions | undefined;
  /** Whether a run shall not be slowed by the listing: see `ImageReader.toForeground`. Default false. */
  readonly inBackground?: boolean;
}

/**
 * Find an image, pull it where the engine has not got it, and open it.
 *
 * @throws EngineError IMAGE_NOT_FOUND; ShrinkError WRONG_ARCHITECTURE; ToolboxError
 */
export async function openSource(
  engine: Engine,
  { reference, id = reference, platform, toolbox: toolboxOptions, inBackground = false }: SourceOptions,
  progress: Pick<Progress, 'stage' | 'note'>,
): Promise<Source> {
  const { image, toolbox } = await progress.stage('inspect', reference, async () => {
    const image = await findSource(engine, id, platform, () =>
      progress.note('PULLING', `the engine has no image '${reference}': pulling it`),
    );
    const toolbox = await provideToolbox(engine, image.id, engine.details.architecture, toolboxOptions);
    return [{ image, toolbox }, image.id.slice('sha256:'.length, 19)] as const;
  });
  return toSource(reference, image, toolbox, await readerOf(engine, image, toolbox, inBackground));
}

interface OneReader {
  readonly coveredPaths: readonly string[];
  get(): Promise<ImageReader>;
  close(): void;
  closed(): Promise<void>;
}

async function readerOf(
  engine: Engine,
  image: ImageDetails,
  toolbox: Toolbox,
  inBackground: boolean,
): Promise<OneReader> {
  const first = await openImageReader(engine, image, toolbox, { inBackground });
  let open: Promise<ImageReader> | undefined = Promise.resolve(first);
  const closing: Promise<void>[] = [];
  const close = () => {
    // Whoever asked for the reader is told why it could not be opened.
    const closed = open?.then((reader) => reader[Symbol.asyncDispose]()).catch(() => {});
    if (closed !== undefined) closing.push(closed);
    open = undefined;
  };
  return {
    coveredPaths: first.coveredPaths,
    get() {
      open ??= openImageReader(engine, image, toolbox, { inBackground: false });
      return open;
    },
    close,
    async closed() {
      close();
      await Promise.all(closing);
    },
  };
}

function toSource(reference: string, image: ImageDetails, toolbox: Toolbox, reader: OneReader): Source {
  const { tree, listed } = listOnce(async () => openEngineImage(await reader.get(), image).tree());
  return {
    reference,
    image,
    toolbox,
    coveredPaths: reader.coveredPaths,
    reader: reader.get,
    closeReader: reader.close,
    content: async () => ({ ...openEngineImage(await reader.get(), image), tree }),
    heads: reader.get,
    toForeground: async () => (await reader.get()).toForeground(),
    tree,
    listed,
    [Symbol.asyncDispose]: reader.closed,
  };
}

/** A tree that is listed once. */
export function listOnce(list: () => Promise<ImageTree>): Pick<ReadSource, 'tree' | 'listed'> {
  let tree: Promise<ImageTree> | undefined;
  const { promise: listed, resolve } = promiseWithResolver<ImageTree>();
  return {
    tree() {
      if (tree === undefined) {
        tree = list();
        tree.then(resolve, () => {});
      }
      return tree;
    },
    listed,
  };
}

/** `Promise.withResolvers`, of which TypeScript's library for Node 22 does not know. */
function promiseWithResolver<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}
