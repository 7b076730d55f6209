import type { ArchiveFile, Engine, ImageDetails } from '@keepset/docker-engine';
import { openEngineImage, writeTarEntries } from '@keepset/image-source';
import { type ImageReader, openImageReader, TOOLBOX_FOLDER, type Toolbox } from '@keepset/toolbox';
import { BuildError } from '../build-error.js';
import { type BuildRequest, buildImage } from './build-image.js';
import type { BuiltImage } from './configure-image.js';
import { toKeptPaths } from './kept-paths.js';
import { toRemovalContext } from './removal-context.js';
import { requireReal } from './require-real.js';

/** What an image is to be made of, and what removes the rest. */
export interface RemovalBuildRequest extends BuildRequest {
  readonly source: ImageDetails;
  /** Lies in the reader's container; carries the remover, and reads what is left. */
  readonly toolbox: Toolbox;
}

/**
 * Build the same image as `buildImage` with nothing but a Dockerfile: a layer of the source from which all else was
 * removed, flattened, with the source's configuration. It works on any engine that builds; it costs a layer that names
 * every removed file, and two containers more.
 *
 * @throws BuildError BUILD_NO_INSTRUCTION  the source has ONBUILD triggers, which a build would run
 * @throws BuildError BUILD_NOT_REMOVED     something is still there
 * @throws BuildError, EngineError          as of `buildImage`; nothing is left behind
 * @example
 * const paths = ['/', '/etc', '/etc/debian_version'];
 * const request = { source, toolbox, paths, createdBy: 'an example' };
 * const { id } = await buildByRemoval(engine, reader, request);
 * await engine.removeImage(id);
 */
export async function buildByRemoval(
  engine: Engine,
  reader: ImageReader,
  request: RemovalBuildRequest,
): Promise<BuiltImage> {
  const { source, toolbox, stubs = new Set() } = request;
  if ((source.config.OnBuild as readonly string[] | null | undefined)?.length)
    throw new BuildError('BUILD_NO_INSTRUCTION', 'the source has ONBUILD triggers, which a build would run', {
      hint: 'Use `buildImage`, which runs no Dockerfile.',
    });
  const paths = toKeptPaths(request.paths);
  const image = openEngineImage(reader, source);
  await requireReal(image, paths);
  const kept = new Set(paths);
  const isMounted = mountPoints(source);
  const surplus = (of: ImageReader) => listPaths(of, (path) => !kept.has(path) && !isMounted(path));
  const removed = await surplus(reader);
  const touched = new Set([...removed, ...stubs].map(parentOf));
  const restored = paths.filter(
    (path) => (touched.has(path) || stubs.has(path)) && !reader.coveredPaths.includes(path),
  );
  const context = toRemovalContext({
    source: source.id,
    sourceEnv: source.config.Env ?? [],
    tools: await readTools(reader),
    removed,
    // Folders and empty files: as small as their names.
    restored: Buffer.concat(await Array.fromAsync(writeTarEntries(image.entries(restored, { stubs })))),
  });
  const id = await engine.buildImage(context, { discardSteps: true });
  try {
    // The engine's times of folders stand for the source's creation, not for that of the image in between.
    await using restReader = await openImageReader(engine, { ...source, id }, toolbox);
    requireNothing(await surplus(restReader));
    return await buildImage(engine, openEngineImage(restReader, { ...source, id }), {
      ...request,
      layersByDiffId: source.layersByDiffId,
    });
  } finally {
    await engine.removeImage(id);
  }
}

async function listPaths(
  reader: ImageReader,
  isWanted: (path: string) => boolean,
): Promise<readonly string[]> {
  const paths: string[] = [];
  let rest = '';
  for await (const chunk of reader.readListing('%p\\0')) {
    const parts = (rest + Buffer.from(chunk).toString('latin1')).split('\0');
    rest = parts.pop() ?? '';
    for (const path of parts) if (isWanted(path)) paths.push(path);
  }
  return paths;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** Of the toolbox what removes and restores. */
const TOOL_NAME = /^(?:loader|bin\/(?:find|tar)|lib\/.+)$/;

async function readTools(reader: ImageReader): Promise<readonly ArchiveFile[]> {
  const tools: ArchiveFile[] = [];
  const prefix = `${TOOLBOX_FOLDER.slice(1)}/`;
  for await (const { header, content } of (await reader.container.getFiles(TOOLBOX_FOLDER)) ?? []) {
    const name = header.name.startsWith(prefix) ? header.name.slice(prefix.length) : '';
    if (header.type !== 'file' || !TOOL_NAME.test(name)) continue;
    tools.push({
      header: { name, mode: 0o755, mtime: new Date(0) },
      content: Buffer.concat(await Array.fromAsync(content)),
    });
  }
  return tools;
}

/** Where volumes are mounted while a layer is made, and on the way there, nothing can be removed; the flattening leaves it out. */
function mountPoints({ config }: ImageDetails): (path: string) => boolean {
  const volumes = Object.keys(config.Volumes ?? {}).map((path) => `${path.replace(/\/+$/, '')}/`);
  return (path) =>
    path === '/' || volumes.some((volume) => `${path}/`.startsWith(volume) || volume.startsWith(`${path}/`));
}

function requireNothing(left: readonly string[]): void {
  if (left.length > 0)
    throw new BuildError(
      'BUILD_NOT_REMOVED',
      `${left.length} files are still there after their removal: ${left.slice(0, 3).join(', ')}`,
      { hint: 'Use `buildImage`, which runs no Dockerfile.', paths: left },
    );
}
