import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import type { EntryFacts, ImageSource } from '@keepset/image-source';
import type { LayerContent } from '../layer/layer-entries.js';
import { type SpooledLayer, type SpoolPlace, spoolLayer } from '../layer/spool-layer.js';
import type { BuildRequest } from './build-image.js';
import { type BuiltImage, configureImage } from './configure-image.js';
import { toKeptPaths } from './kept-paths.js';
import { requireReal } from './require-real.js';

/** What one layer is to hold. */
export interface LayerPaths {
  /** For the history. */
  readonly name: string;
  /** Byte strings, absolute, real, in any order; the names of one file all in one layer. */
  readonly paths: readonly string[];
}

/** What an image of several layers is to be made of. */
export interface LayeredBuildRequest extends Omit<BuildRequest, 'paths' | 'layerFile'> {
  /** The lowest first; no path twice. */
  readonly layers: readonly LayerPaths[];
  /** Where the layers lie until the engine has them, for `writeOutput` and `configureImage` afterwards; the caller's to remove. */
  readonly folder: string;
}

/**
 * Build an image of several layers out of a source. Each layer has the folders on the way to what it holds, so that a
 * layer depends on nothing but its own list: images that have a list in common have the layer in common. The times of
 * folders tell what else was put there: the topmost layer alone has them, and so has all folders.
 *
 * @param engine  undefined: the layers stay in `folder` alone
 * @throws BuildError, SourceError, EngineError  as of `buildImage`; no image is left behind
 * @example
 * const layers = [
 *   { name: 'users', paths: ['/etc/passwd'] },
 *   { name: 'groups', paths: ['/etc/group'] },
 * ];
 * const request = { layers, folder, createdBy: 'an example' };
 * const built = await buildLayered(engine, image, request);
 * built.layers.map(({ comment }) => comment) // ['users', 'groups']
 * await engine.removeImage(built.id);
 */
export async function buildLayered(
  engine: Engine | undefined,
  source: ImageSource,
  { layers, folder, ...request }: LayeredBuildRequest,
): Promise<BuiltImage> {
  toKeptPaths(layers.flatMap(({ paths }) => paths));
  const { generated = [] } = request;
  const spooled: SpooledLayer[] = [];
  let before = 0;
  const lower = withoutFolderTimes(source);
  const folders = layers.flatMap(({ paths }) => paths.flatMap(foldersAbove));
  const last = layers.length - 1;
  for (const [index, { name, paths }] of layers.entries()) {
    const [from, held] = index === last ? [source, [...paths, ...folders]] : [lower, paths];
    const layer = await spoolPaths(from, held, {
      ...(request.stubs && { stubs: request.stubs }),
      ...(request.onFile && { onFile: request.onFile }),
      // It differs from result to result: in the topmost no other layer changes with it.
      ...(index === last && { generated }),
      file: join(folder, `layer-${index}.tar`),
      onBytes: (sizeBytes) => request.onBytes?.(before + sizeBytes),
    });
    before += layer.sizeBytes;
    spooled.push({ ...layer, comment: name });
  }
  return await configureImage(engine, spooled, { ...request, source });
}

/**
 * Write a layer of the given paths of the source, and of the folders on the way to them, to this machine; with what goes
 * in besides, the folders of which are the caller's to name.
 *
 * @throws BuildError BUILD_PATHS_MISSING, BUILD_PATHS_NOT_REAL, BUILD_NO_SPACE; SourceError, EngineError
 * @example
 * const layer = await spoolPaths(image, ['/etc/passwd'], { file: `${folder}/layer.tar` });
 * layer.sizeBytes > 0 // true
 */
export async function spoolPaths(
  source: ImageSource,
  paths: readonly string[],
  { file, onBytes, ...content }: LayerContent & SpoolPlace,
): Promise<SpooledLayer> {
  const whole = toKeptPaths([...paths, ...paths.flatMap(foldersAbove)]);
  await requireReal(source, whole);
  return await spoolLayer(source, { ...content, paths: whole }, { file, onBytes });
}

/** What is in such a layer is the same in sources that have the same files, and folders with others besides. */
function withoutFolderTimes(source: ImageSource): ImageSource {
  const untimed = <Entry extends EntryFacts>(entry: Entry): Entry =>
    entry.type === 'directory' ? { ...entry, mtimeSeconds: 0, mtimeNanoseconds: 0 } : entry;
  const { describe } = source;
  return {
    id: source.id,
    manifestDigest: source.manifestDigest,
    config: source.config,
    tree: () => source.tree(),
    async *entries(paths, options) {
      for await (const entry of source.entries(paths, options)) yield untimed(entry);
    },
    ...(describe !== undefined && {
      describe: async (paths, options) => untimedAll(await describe.call(source, paths, options)),
    }),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };

  function* untimedAll(entries: Iterable<EntryFacts>): Generator<EntryFacts> {
    for (const entry of entries) yield untimed(entry);
  }
}

function foldersAbove(path: string): readonly string[] {
  const above = ['/'];
  for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) above.push(path.slice(0, at));
  return above;
}
