import { AsyncDisposableStack, type Engine } from '@keepset/docker-engine';
import { type ImageRecord, recordImage } from '@keepset/manifest';
import { type ListedImage, listImage, listSource } from '@keepset/shrinker';
import { engineOf } from '../inputs/engine-of.js';
import { toolboxOptions } from '../inputs/toolbox-options.js';
import type { Console } from '../terminal/console.js';
import { showNotes } from '../terminal/show-notes.js';
import { type ImageOptions, openNamedImage } from './open-named-image.js';

/** Images of the command line, open for questions until this is disposed of. An engine is asked only for its own. */
export interface NamedImages extends AsyncDisposable {
  /** @throws SourceError, EngineError, ShrinkError, ToolboxError */
  list(name: string): Promise<ListedImage>;
  /**
   * What a manifest would tell of it.
   *
   * @param withContents  whether digests of all files are wanted; each is read then
   */
  record(name: string, withContents?: boolean): Promise<ImageRecord>;
}

export function namedImages(options: ImageOptions, console: Console): NamedImages {
  const opened = new AsyncDisposableStack();
  let engine: Promise<Engine> | undefined;
  const engineOnce = () => {
    engine ??= engineOf(console).then((connected) => opened.use(connected));
    return engine;
  };
  const images: NamedImages = {
    async list(name) {
      const image = await openNamedImage(name, options, console);
      if (image.kind === 'source') {
        const { asEnginesShow } = await import('@keepset/image-source');
        // One image has one listing, wherever it lies: what engines cover would look like a difference.
        return opened.use(await listSource(asEnginesShow(image.source)));
      }
      const { platform } = options;
      const listing = { platform, toolbox: toolboxOptions('auto', console), onEvent: showNotes(console) };
      return opened.use(await listImage(await engineOnce(), image.name, listing));
    },
    async record(name, withContents = false) {
      const { listing, inventory, hash } = await images.list(name);
      if (!withContents) return recordImage(listing, inventory);
      const { files } = listing;
      const digests = await hash([...files].flatMap(([path, { type }]) => (type === 'file' ? [path] : [])));
      const hashed = new Map(
        [...files].map(([path, facts]) => [path, { ...facts, sha256: digests.get(path) }]),
      );
      return recordImage({ files: hashed }, inventory);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
  return images;
}
