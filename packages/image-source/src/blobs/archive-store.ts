import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import type { ByteRange } from '@keepset/docker-engine';
import { SourceError } from '../source-error.js';
import { readTar, type TarEntry } from '../tar/read-tar.js';
import { TarFault } from '../tar/tar-fault.js';
import { fileInput } from '../tar/tar-input.js';
import type { BlobStore } from './blob-store.js';
import { fileOfBlob } from './folder-store.js';
import { openFile } from './open-file.js';

/** A file that holds other files, each found without reading the ones before it. */
export interface ArchiveStore extends BlobStore {
  has(name: string): boolean;
}

/** More than 1000 images of 100 layers have. */
const FILES_MAX = 1_000_000;
/** Older engines put a link in place of a layer that another image of the archive has. */
const LINKS_MAX = 8;

/**
 * Open an archive of images and look up what is where; no content is read.
 *
 * @throws SourceError SOURCE_NOT_FOUND  there is no such file
 * @throws SourceError SOURCE_NO_IMAGE   it is no tar
 */
export async function openArchive(file: string): Promise<ArchiveStore> {
  const handle = await openFile(file);
  try {
    const { size } = await handle.stat();
    const found = await listFiles(handle, size, file);
    const find = (name: string): TarEntry | undefined => followLinks(found, fileOfBlob(name));
    async function* readFile(name: string, range?: ByteRange): AsyncGenerator<Uint8Array> {
      const entry = find(name);
      if (entry?.type !== 'file')
        throw new SourceError('SOURCE_NOT_FOUND', `'${file}' holds no file ${fileOfBlob(name)}`);
      const { start, end } = range ?? { start: 0, end: entry.sizeBytes };
      const length = Math.min(end, entry.sizeBytes) - start;
      yield* fileInput(handle, { start: entry.position + start, end: size }).pieces(length);
    }
    const store: ArchiveStore = {
      place: `'${file}'`,
      has: (name) => find(name)?.type === 'file',
      read: (name) => readFile(name),
      readRange: (name, range) => readFile(name, range),
      readManifest: (name) => store.read(name),
      [Symbol.asyncDispose]: () => handle.close(),
    };
    return store;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function listFiles(
  handle: FileHandle,
  size: number,
  file: string,
): Promise<ReadonlyMap<string, TarEntry>> {
  const found = new Map<string, TarEntry>();
  try {
    for await (const entry of readTar(fileInput(handle, { start: 0, end: size }))) {
      if (found.size === FILES_MAX) throw new TarFault(`it holds more than ${FILES_MAX} files`);
      found.set(posix.normalize(entry.name), entry);
    }
  } catch (cause) {
    const code = (cause as { code?: string }).code;
    if (!(cause instanceof TarFault) && code !== 'EISDIR') throw cause;
    const why = code === 'EISDIR' ? 'it is a folder' : (cause as TarFault).message;
    throw new SourceError('SOURCE_NO_IMAGE', `'${file}' is no archive of images: ${why}`, {
      hint:
        code === 'EISDIR'
          ? `A layout in a folder is named oci:${file}`
          : 'It is to be a plain tar: unpack it first where it is packed (gunzip, zstd -d).',
      cause,
    });
  }
  return found;
}

function followLinks(found: ReadonlyMap<string, TarEntry>, name: string): TarEntry | undefined {
  let path = posix.normalize(name);
  for (let links = 0; links < LINKS_MAX; links++) {
    const entry = found.get(path);
    if (entry?.type !== 'symlink' && entry?.type !== 'hard-link') return entry;
    path = posix.normalize(
      entry.type === 'symlink' ? posix.join(posix.dirname(path), entry.linkName) : entry.linkName,
    );
  }
  return undefined;
}
