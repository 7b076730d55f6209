import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BuildError } from '../build-error.js';
import { type ArchivePart, openPart, packParts } from './archive-parts.js';

/** Where files go. */
export interface PartsTarget {
  /** A file or a folder, or a sink. */
  readonly destination: string | ((chunk: Uint8Array) => Promise<void>);
  readonly asFolder?: boolean;
}

/**
 * Write parts as a tar, or as files into a folder that is new or empty.
 *
 * @throws BuildError BUILD_OUTPUT_FAILED; what a part throws that is read
 */
export async function writeParts(parts: readonly ArchivePart[], target: PartsTarget): Promise<void> {
  const { destination, asFolder = false } = target;
  if (!asFolder) return await writeStream(packParts(parts), target);
  if (typeof destination !== 'string')
    throw new BuildError('BUILD_OUTPUT_FAILED', 'a layout that is a folder needs a name, not a stream');
  await writeFolder(parts, resolve(destination));
}

export async function writeStream(
  chunks: AsyncIterable<Uint8Array>,
  { destination }: PartsTarget,
): Promise<void> {
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
      else if ('file' in content) await copyFile(content.file, file);
      else await pipeline(openPart(content), createWriteStream(file));
    }
  });
}

export async function inNewFolder(folder: string, fill: () => Promise<void>): Promise<void> {
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

/** What was to be written, and could not be read, says that itself. */
function failed(destination: string, cause: Error): Error {
  if (!('syscall' in cause) && 'hint' in cause) return cause;
  const isFull = ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '');
  return new BuildError('BUILD_OUTPUT_FAILED', `cannot write ${destination}: ${cause.message}`, {
    ...(isFull && { hint: 'Make room there, or name another place.' }),
    cause,
  });
}
