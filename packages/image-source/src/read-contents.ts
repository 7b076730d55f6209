import { createHash } from 'node:crypto';
import type { ImageSource } from './image-source.js';

/**
 * The first bytes of files, in one pass over the layers that hold them.
 *
 * @param paths  of regular files; real ones
 * @returns      one answer a path, in the order asked; undefined where the image has no such file
 * @throws SourceError  as `ImageSource.entries`
 * @example (await readHeads(image, ['/etc/motd'], 2)).map(String) // ['he']
 */
export async function readHeads(
  image: ImageSource,
  paths: readonly string[],
  maxBytes: number,
): Promise<readonly (Uint8Array | undefined)[]> {
  const heads = new Map<string, Uint8Array | undefined>();
  for await (const { path, type, linkTo, content } of image.entries(paths)) {
    if (type !== 'file') continue;
    heads.set(path, linkTo === undefined ? await readHead(content(), maxBytes) : heads.get(linkTo));
  }
  return paths.map((path) => heads.get(path));
}

async function readHead(content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let left = maxBytes;
  for await (const chunk of content) {
    // Copies, so that the chunks can go.
    pieces.push(Buffer.from(chunk.subarray(0, left)));
    left -= chunk.length;
    if (left <= 0) break;
  }
  return Buffer.concat(pieces);
}

/**
 * The sha256 of files, in hexadecimal digits, in one pass over the layers that hold them; no content is held.
 *
 * @param paths  of regular files; real ones
 * @throws SourceError  as `ImageSource.entries`
 * @example (await hashContents(image, ['/etc/motd'])).get('/etc/motd').length // 64
 */
export async function hashContents(
  image: ImageSource,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for await (const { path, type, linkTo, content } of image.entries(paths)) {
    if (type !== 'file') continue;
    const known = linkTo === undefined ? undefined : digests.get(linkTo);
    digests.set(path, known ?? (await hashContent(content())));
  }
  return digests;
}

async function hashContent(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk);
  return hash.digest('hex');
}
