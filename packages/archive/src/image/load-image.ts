import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Engine } from '@keepset/docker-engine';
import { pack } from 'tar-stream';
import { z } from 'zod';
import { ArchiveError } from '../archive-error.js';

/** An image that was loaded to be run. */
export interface LoadedImage extends AsyncDisposable {
  readonly id: string;
}

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const descriptor = z.object({ digest });
const manifestShape = z.object({ config: descriptor, layers: z.array(descriptor) });

/**
 * Load the image of a layout into an engine, without a name: what the layout calls itself moves no name of the engine's.
 * It goes again with its disposal, unless it was there before.
 *
 * @param folder  of the layout, whose blobs were checked
 * @param image   the digests that it must have
 * @throws ArchiveError ARCHIVE_INVALID; EngineError
 */
export async function loadImage(
  engine: Pick<Engine, 'inspectImage' | 'loadImage' | 'removeImage'>,
  folder: string,
  image: { readonly id: string; readonly manifestDigest: string },
): Promise<LoadedImage> {
  const { config, layers } = await readManifest(folder, image.manifestDigest);
  if (config !== image.id) throw invalid('it is another image than runs.json says');
  const existed = (await engine.inspectImage(image.id)) !== undefined;
  const id = existed ? image.id : await engine.loadImage(toDockerArchive(folder, config, layers));
  return {
    id,
    async [Symbol.asyncDispose]() {
      if (!existed) await engine.removeImage(id);
    },
  };
}

async function readManifest(folder: string, manifestDigest: string) {
  try {
    const { config, layers } = manifestShape.parse(
      JSON.parse(await readFile(blobOf(folder, manifestDigest), 'utf8')),
    );
    return { config: config.digest, layers: layers.map((layer) => layer.digest) };
  } catch (cause) {
    throw invalid('its manifest is missing, or is none', cause);
  }
}

/** @param digest  sha256: and digits, as checked */
function blobOf(folder: string, digest: string): string {
  return join(folder, 'blobs', 'sha256', digest.slice('sha256:'.length));
}

async function* toDockerArchive(
  folder: string,
  config: string,
  layers: readonly string[],
): AsyncGenerator<Uint8Array> {
  const names = layers.map((_, index) => `layer-${index}.tar`);
  const manifest = JSON.stringify([{ Config: 'config.json', RepoTags: [], Layers: names }]);
  const archive = pack();
  const written = (async () => {
    archive.entry({ name: 'config.json' }, await readFile(blobOf(folder, config)));
    archive.entry({ name: 'manifest.json' }, manifest);
    for (const [index, layer] of layers.entries()) {
      const file = blobOf(folder, layer);
      const entry = archive.entry({ name: names[index] ?? '', size: (await stat(file)).size });
      await pipeline(createReadStream(file), entry);
    }
    archive.finalize();
  })().catch((error: Error) => archive.destroy(error));
  yield* archive as unknown as AsyncIterable<Uint8Array>;
  await written;
}

function invalid(why: string, cause?: unknown): ArchiveError {
  return new ArchiveError('ARCHIVE_INVALID', `the image of the deposit cannot be used: ${why}`, { cause });
}
