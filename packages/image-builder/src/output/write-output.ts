import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { platform } from 'node:os';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RegistryAccess } from '@keepset/docker-engine';
import { BuildError } from '../build-error.js';
import type { SpooledLayer } from '../layer/spool-layer.js';
import { withoutDevices } from '../layer/without-devices.js';
import { packParts, READ_BYTES } from './archive-parts.js';
import { type Compression, compressLayer } from './compress-layer.js';
import { toDockerArchive } from './docker-archive.js';
import { indexLayer } from './index-layer.js';
import { type OciImage, toOciImage } from './oci-image.js';
import { toOciLayout } from './oci-layout.js';
import { pushOciImage } from './push-oci-image.js';
import type { Attach } from './referrer.js';
import { inNewFolder, writeParts, writeStream } from './write-parts.js';

/** Where an image goes besides the engine, as docker buildx names it. */
export interface Output {
  /**
   * docker, oci: an image archive; tar: the files alone, as a tar; local: the files, in a folder; registry: the image, at
   * a registry, to which no engine sends it.
   */
  readonly type: 'docker' | 'oci' | 'tar' | 'local' | 'registry';
  /**
   * A file, or a folder for `local` and for an OCI layout that is no archive; REGISTRY/NAME[:TAG] for `registry`; or a
   * sink for the bytes of an archive.
   */
  readonly destination: string | ((chunk: Uint8Array) => Promise<void>);
  /**
   * Of the layers in an OCI image, and of a tar as a whole. Default none. `estargz` adds two files to each layer, so the
   * image in it has another id.
   */
  readonly compression?: Compression;
  /** An OCI layout as a folder. */
  readonly asFolder?: boolean;
  /** Whether `local` makes the device nodes of the image on this machine, which only root can. Default false. */
  readonly devices?: boolean;
  /** How `registry` is reached. Default: as nobody. */
  readonly registries?: RegistryAccess;
}

/** An image whose layers lie on this machine. */
export interface OutputImage {
  /** JSON */
  readonly config: string;
  /** The lowest first. */
  readonly layers: readonly SpooledLayer[];
  /** NAME:TAG, which the archive gives the image. */
  readonly references: readonly string[];
  /** Paths of files, byte strings, in the order of their first use: `estargz` has them first. Default none. */
  readonly used?: readonly string[];
  /** What an OCI image has attached. Default nothing. */
  readonly attach?: Attach;
  /** Repositories that may have some of its layers already, with their registries. Default none. */
  readonly mountFrom?: readonly string[];
}

/**
 * Write an image to where it is wanted. A file appears whole or not at all; a folder must be new or empty; the name at a
 * registry moves once all is there.
 *
 * @returns the digest of the manifest, of an OCI image
 * @throws BuildError BUILD_OUTPUT_FAILED, BUILD_NO_SPACE; EngineError  of a registry, as `openRepository`
 * @example
 * const layer = await spoolPaths(image, ['/etc/passwd'], { file: `${folder}/layer.tar` });
 * const config = toImageConfig(image.config, { layers: [layer], createdBy: 'an example' });
 * const result = { config, layers: [layer], references: ['example:1'] };
 * const digest = await writeOutput(result, { type: 'oci', destination: `${folder}/example.tar` });
 * digest.length // 71
 */
export async function writeOutput(image: OutputImage, output: Output): Promise<string | undefined> {
  const { config, layers, references } = image;
  const compression = output.compression ?? 'none';
  switch (output.type) {
    case 'docker':
      await writeStream(packParts(toDockerArchive(config, layers, references)), output);
      return undefined;
    case 'oci': {
      const made = await makeOciImage(image, compression);
      const parts = toOciLayout(made, references);
      await writeParts(parts, output);
      return made.descriptor.digest;
    }
    case 'registry': {
      const made = await makeOciImage(image, compression);
      const { registries } = output;
      await pushOciImage(made, nameOf(output), { registries, mountFrom: image.mountFrom });
      return made.descriptor.digest;
    }
    case 'tar': {
      if (compression === 'estargz' || compression === 'zstdchunked')
        throw new BuildError(
          'BUILD_OUTPUT_FAILED',
          `${compression} is for layers of OCI images, and a tar is none`,
        );
      const { file } = await compressLayer(onlyOne(layers), compression);
      await writeStream(createReadStream(file, { highWaterMark: READ_BYTES }), output);
      return undefined;
    }
    case 'local':
      await extract(layers, folderOf(output), output.devices === true);
      return undefined;
  }
}

async function makeOciImage(
  { config, layers, used, attach }: OutputImage,
  compression: Compression,
): Promise<OciImage> {
  const blobs = [];
  for (const layer of layers)
    blobs.push(
      compression === 'estargz' || compression === 'zstdchunked'
        ? await indexLayer(layer, compression, used)
        : await compressLayer(layer, compression),
    );
  return await toOciImage(config, blobs, { attach });
}

/** A tar of several would say the folders that they share several times. */
function onlyOne([layer, ...others]: readonly SpooledLayer[]): SpooledLayer {
  if (layer !== undefined && others.length === 0) return layer;
  throw new BuildError('BUILD_OUTPUT_FAILED', 'a tar has no layers, and the image has several', {
    facts: { type: 'tar' },
    hint: 'Write it as `oci` or `local`, or make one layer.',
  });
}

function folderOf(output: Output): string {
  return resolve(nameOf(output));
}

function nameOf({ type, destination }: Output): string {
  if (typeof destination === 'string') return destination;
  throw new BuildError('BUILD_OUTPUT_FAILED', `an output of type ${type} needs a name, not a stream`);
}

/**
 * tar reads no further than the end mark, and where it ends before that, it says itself why. Whichever comes first tells:
 * a write that nobody reads, or the end of the process, with which Node closes the pipe.
 */
const ENOUGH_READ: ReadonlySet<string> = new Set(['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

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
  const written = pipeline(devices ? tar : withoutDevices(tar), child.stdin).catch(
    (error: NodeJS.ErrnoException) => (ENOUGH_READ.has(error.code ?? '') ? undefined : error),
  );
  const status = await closed;
  const failure = await written;
  if (status !== 0) throw new Error(complaint.trim().split('\n')[0] ?? `tar ended with ${status}`);
  if (failure !== undefined) throw failure;
}
