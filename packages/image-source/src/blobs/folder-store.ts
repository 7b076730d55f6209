import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange } from '@keepset/docker-engine';
import { SourceError } from '../source-error.js';
import type { BlobStore } from './blob-store.js';

/** Smaller pieces are collected sooner: what is held of a layer besides is little. */
const READ_BYTES = 32 * 1024;

/** The files of an OCI layout, by digest or by their names in it. */
export function folderStore(folder: string): BlobStore {
  const store: BlobStore = {
    place: `'${folder}'`,
    read: (name) => readFile(folder, fileOfBlob(name)),
    readRange: (name, range) => readFile(folder, fileOfBlob(name), range),
    readManifest: (name) => store.read(name),
    async [Symbol.asyncDispose]() {},
  };
  return store;
}

async function* readFile(
  folder: string,
  name: string,
  { start, end }: ByteRange = { start: 0, end: Number.POSITIVE_INFINITY },
): AsyncGenerator<Uint8Array> {
  const file = join(folder, name);
  // What others wrote may be a pipe, or a link to what is not theirs.
  const isFile = await lstat(file).then(
    (stat) => stat.isFile(),
    () => undefined,
  );
  if (isFile !== true)
    throw new SourceError(
      'SOURCE_NOT_FOUND',
      `'${folder}' has no ${isFile === undefined ? '' : 'regular '}file ${name}`,
    );
  yield* createReadStream(file, { start, end: end - 1, highWaterMark: READ_BYTES });
}

/** @see OCI image specification, "Image Layout" */
export function fileOfBlob(name: string): string {
  const [algorithm, digits] = name.split(':');
  return digits === undefined ? name : `blobs/${algorithm}/${digits}`;
}
