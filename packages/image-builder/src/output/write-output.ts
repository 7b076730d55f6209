import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BuildError } from '../build-error.js';
import type { SpooledLayer } from '../layer/spool-layer.js';
import { withoutDevices } from '../layer/without-devices.js';
import { type ArchivePart, packParts, READ_BYTES } from './archive-parts.js';
import { type Compression, compressLayer } from './compress-layer.js';
import { toDockerArchive } from './docker-archive.js';
import { toOciLayout } from './oci-layout.js';
import type { Attach } from './referrer.js';

/** Where an image goes besides the engine, as docker buildx names it. */
export interface Output {
  /** docker, oci: an image archive; tar: the files alone, as a tar; local: the files, in a folder. */
  readonly type: 'docker' | 'oci' | 'tar' | 'local';
  /** A file, or a folder for `local` and for an OCI layout that is no archive; or a sink for the bytes of an archive. */
  readonly destination: string | ((chunk: Uint8Array) => Promise<void>);
  /** Of the layer in an OCI image, and of a tar as a whole. Default none. */
  readonly compression?: Compression;
  /** An OCI layout as a folder. */
  readonly asFolder?: boolean;
  /** Whether `local` makes the device nodes of the image on this machine, which only root can. Default false. */
  readonly devices?: boolean;
}

/** An image whose layers lie on this machine. */
export interface OutputImage {
  /** JSON */
  readonly config: string;
  /** The lowest first. */
  readonly layers: readonly SpooledLayer[];
  /** NAME:TAG, which the archive gives the image. */
  readonly references: readonly string[];
  /** What an OCI image has attached. Default nothing. */
  readonly attach?: Attach;
}

/**
 * Write an image to where it is wanted. A file appears whole or not at all; a folder must be new or empty.
 *
 * @returns the digest of the manifest, of an OCI image
 * @throws BuildError BUILD_OUTPUT_FAILED, BUILD_NO_SPACE
 * @example
 * const layer = await spoolPaths(image, ['/etc/passwd'], { file: `${folder}/layer.tar` });
 * const config = toImageConfig(image.config, { layers: [layer], createdBy: 'an example' });
 * const result = { config, layers: [layer], references: ['example:1'] };
 * const digest = await writeOutput(result, { type: 'oci', destination: `${folder}/example.tar` });
 * digest.length // 71
 */
export async function writeOutput(image: OutputImage, output: Output): Promise<string | undefined> {
  const { config, layers, references, attach } = image;
  const compression = output.compression ?? 'none';
  switch (output.type) {
    case 'docker':
      await writeStream(packParts(toDockerArchive(config, layers, references)), output);
      return undefined;
    case 'oci': {
      const blobs = [];
      for (const layer of layers) blobs.push(await compressLayer(layer, compression));
      const { parts, manifestDigest } = await toOciLayout(config, blobs, {
        compression,
        references,
        attach,
      });
      if (output.asFolder === true) await writeFolder(parts, folderOf(output));
      else await writeStream(packParts(parts), output);
      return manifestDigest;
    }
    case 'tar': {
      const { file } = await compressLayer(onlyOne(layers), compression);
      await writeStream(createReadStream(file, { highWaterMark: READ_BYTES }), output);
      return undefined;
    }
    case 'local':
      await extract(layers, folderOf(output), output.devices === true);
      return undefined;
  }
}

/** A tar of several would say the folders that they share several times. */
function onlyOne([layer, ...others]: readonly SpooledLayer[]): SpooledLayer {
  if (layer !== undefined && others.length === 0) return layer;
  throw new BuildError('BUILD_OUTPUT_FAILED', 'a tar has no layers, and the image has several', {
    facts: { type: 'tar' },
    hint: 'Write it as `oci` or `local`, or make one layer.',
  });
}

function folderOf({ type, destination }: Output): string {
  if (typeof destination === 'string') return resolve(destination);
  throw new BuildError('BUILD_OUTPUT_FAILED', `an output of type ${type} needs a folder, not a stream`);
}

async function writeStream(chunks: AsyncIterable<Uint8Array>, { destination }: Output): Promise<void> {
  if (typeof destination !== 'string') {
    for await (const chunk of chunks) await destination(chunk);
    return;
  }
  const partial = join(dirname(resolve(destination)), `.keepset-${process.pid}-${Date.now()}.partial`);
  try {
    await pipeline(Readable.from(chunks, { objectMode: false }), createWriteStream(partial, { flags: 'wx' }));
    await rename(partial, destination);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw failed(destination, error as Error);
  }
}

async function writeFolder(parts: readonly ArchivePart[], folder: string): Promise<void> {
  await inNewFolder(folder, async () => {
    for (const { name, content } of parts) {
      const file = join(folder, name);
      await mkdir(dirname(file), { recursive: true });
      if (typeof content === 'string') await writeFile(file, content);
      else await copyFile(content.file, file);
    }
  });
}

/** As root with owners and all; as anybody else the files are one's own. */
async function extract(layers: readonly SpooledLayer[], folder: string, devices: boolean): Promise<void> {
  await inNewFolder(folder, async () => {
    for (const { file } of layers) await extractLayer(file, folder, devices);
  });
}

async function extractLayer(file: string, folder: string, devices: boolean): Promise<void> {
  const options = platform() === 'linux' ? ['--numeric-owner', '--xattrs', '--xattrs-include=*'] : [];
  const args = ['--extract', '--preserve-permissions', ...options, '--file=-', '--directory', folder];
  const child = spawn('tar', args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(0, 2000);
  });
  const closed = new Promise((done, fail) => child.on('error', fail).on('close', done));
  const tar = createReadStream(file, { highWaterMark: READ_BYTES });
  // tar reads no further than the end mark, and where it ends before that, it says itself why.
  const written = pipeline(devices ? tar : withoutDevices(tar), child.stdin).catch(
    (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? undefined : error),
  );
  const status = await closed;
  const failure = await written;
  if (status !== 0) throw new Error(complaint.trim().split('\n')[0] ?? `tar ended with ${status}`);
  if (failure !== undefined) throw failure;
}

async function inNewFolder(folder: string, fill: () => Promise<void>): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw failed(folder, error);
  });
  if (found !== undefined && found.length > 0) {
    throw new BuildError('BUILD_OUTPUT_FAILED', `${folder} is not empty`, {
      hint: 'Name a new folder, or empty this one.',
    });
  }
  try {
    await mkdir(folder, { recursive: true });
    await fill();
  } catch (error) {
    for (const name of await readdir(folder).catch(() => []))
      await rm(join(folder, name), { recursive: true, force: true });
    if (found === undefined) await rm(folder, { recursive: true, force: true });
    throw failed(folder, error as Error);
  }
}

function failed(destination: string, cause: Error): BuildError {
  const isFull = ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '');
  return new BuildError('BUILD_OUTPUT_FAILED', `cannot write ${destination}: ${cause.message}`, {
    ...(isFull && { hint: 'Make room there, or name another place.' }),
    cause,
  });
}
