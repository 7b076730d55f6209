import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import type { Layer } from './layer.js';

const READ_BYTES = 256 * 1024;
const EPOCH = new Date(0);

/**
 * A docker archive of one image with one layer, and no name: what has no name cannot be mistaken for a result. A layer
 * without a file is named and not carried.
 *
 * @see moby, image/spec/v1.2, "Combined Image JSON + Filesystem Changeset Format"
 */
export async function* writeDockerArchive(config: string, layer: Layer): AsyncGenerator<Uint8Array> {
  const configName = `${createHash('sha256').update(config).digest('hex')}.json`;
  const layerName = `${layer.diffId.replace('sha256:', '')}/layer.tar`;
  const manifest = JSON.stringify([{ Config: configName, RepoTags: [], Layers: [layerName] }]);
  const archive = pack();
  archive.entry({ name: configName, mtime: EPOCH }, config);
  archive.entry({ name: 'manifest.json', mtime: EPOCH }, manifest);
  const written = packLayer(archive, layerName, layer).then(
    () => archive.finalize(),
    (error: Error) => archive.destroy(error),
  );
  yield* archive as unknown as AsyncIterable<Uint8Array>;
  await written;
}

async function packLayer(archive: Pack, name: string, { file, sizeBytes }: Layer): Promise<void> {
  if (file === undefined) return;
  const entry = archive.entry({ name, size: sizeBytes, mtime: EPOCH });
  await pipeline(
    createReadStream(file, { highWaterMark: READ_BYTES }),
    entry as unknown as NodeJS.WritableStream,
  );
}
