import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Engine } from '@keepset/docker-engine';
import type { SpooledLayer } from '@keepset/image-builder';
import { hashFile } from '@keepset/shrinker';
import { extract } from 'tar-stream';
import { ArchiveError } from '../archive-error.js';

/** An image out of an engine. */
export interface SpooledImage {
  /** JSON, as the image has it. */
  readonly config: string;
  /** The lowest first. */
  readonly layers: readonly SpooledLayer[];
}

/**
 * Take an image out of an engine, each layer into a file.
 *
 * @param id      of the image
 * @param folder  for the files
 * @throws EngineError; ArchiveError ARCHIVE_INVALID  what the engine gives is not the image that it describes
 */
export async function spoolImage(
  engine: Pick<Engine, 'saveImage'>,
  id: string,
  folder: string,
): Promise<SpooledImage> {
  const { files, links } = await unpack(await engine.saveImage(id), folder);
  const fileOf = (name: string) => {
    const file = files.get(links.get(name) ?? name);
    if (file === undefined) throw wrong(`it names ${name}, and has none`);
    return file;
  };
  const [image] = JSON.parse(await readFile(fileOf('manifest.json'), 'utf8')) as [DockerManifest?];
  if (image === undefined) throw wrong('it has no image');
  const config = await readFile(fileOf(image.Config), 'utf8');
  const { rootfs } = JSON.parse(config) as { rootfs?: { diff_ids?: readonly string[] } };
  const diffIds = rootfs?.diff_ids ?? [];
  if (diffIds.length !== image.Layers.length) throw wrong('its layers are not those of its configuration');
  const layers: SpooledLayer[] = [];
  for (const [index, diffId] of diffIds.entries())
    layers.push(await toLayer(fileOf(image.Layers[index] ?? ''), diffId));
  return { config, layers };
}

/** @see moby, image/spec/v1.2, "Combined Image JSON + Filesystem Changeset Format" */
interface DockerManifest {
  readonly Config: string;
  readonly Layers: readonly string[];
}

async function unpack(tar: AsyncIterable<Uint8Array>, folder: string) {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  const archive = extract();
  const read = pipeline(Readable.from(tar), archive);
  read.catch(() => {});
  for await (const entry of archive) {
    const { name, type, linkname } = entry.header;
    // Engines say a layer that is there twice by a link.
    if ((type === 'symlink' || type === 'link') && linkname)
      links.set(name, type === 'link' ? linkname : posix.join(posix.dirname(name), linkname));
    if (type === 'file') {
      const file = join(folder, `member-${files.size}`);
      files.set(name, file);
      await pipeline(entry, createWriteStream(file, { mode: 0o600 }));
    }
    entry.resume();
  }
  await read;
  return { files, links };
}

/** Some engines give layers compressed. */
async function toLayer(file: string, diffId: string): Promise<SpooledLayer> {
  for (const each of [file, `${file}.tar`]) {
    if (each !== file)
      await pipeline(createReadStream(file), createGunzip(), createWriteStream(each)).catch(() => {
        throw wrong('a layer is not what its configuration says');
      });
    if (`sha256:${await hashFile(each)}` === diffId)
      return { file: each, diffId, sizeBytes: (await stat(each)).size };
  }
  throw wrong('a layer is not what its configuration says');
}

function wrong(why: string): ArchiveError {
  return new ArchiveError('ARCHIVE_INVALID', `the engine's archive of the image cannot be used: ${why}`);
}
