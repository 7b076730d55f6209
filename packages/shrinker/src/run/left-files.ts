import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveHeader, Container } from '@keepset/docker-engine';
import type { FileState } from '@keepset/run-comparison';
import { toBytes, toText } from '../source/byte-string.js';
import type { WrittenPath } from './written-paths.js';

/** How many files are asked for at a time: each question costs the engine a little, whatever the size. */
const QUESTIONS_AT_ONCE = 4;

/**
 * What is at the paths where a run may have written, now that it has ended: hashed as it comes by, read again only
 * where somebody asks.
 *
 * Of what runs share, only what this one wrote itself, going by its time; a copy of it is made, since the next run may
 * write there.
 *
 * @param folder  for the copies
 */
export async function readLeftFiles(
  container: Container,
  places: readonly WrittenPath[],
  folder: string,
): Promise<ReadonlyMap<string, FileState>> {
  const files = new Map<string, FileState>();
  const left = places[Symbol.iterator]();
  const readSome = async () => {
    for (const place of left) {
      if (place.isShared) await readShared({ container, folder }, place.path, files);
      else await readPlace(container, place, files);
    }
  };
  await Promise.all(Array.from({ length: QUESTIONS_AT_ONCE }, readSome));
  return files;
}

async function readPlace(
  container: Container,
  { path, isNew }: WrittenPath,
  files: Map<string, FileState>,
): Promise<void> {
  const parent = path.slice(0, path.lastIndexOf('/'));
  for await (const { header, content } of (await container.getFiles(toText(path))) ?? []) {
    const name = toBytes(header.name).replace(/\/$/, '');
    const at = `${parent}/${name}`;
    files.set(at, await toState(header, content, () => readAgain(container, at)));
    // Of a directory that was there before, only what it is itself: the rest may be the whole image.
    if (!isNew) return;
  }
}

interface CopyPlace {
  readonly container: Container;
  readonly folder: string;
}

async function readShared(
  { container, folder }: CopyPlace,
  path: string,
  files: Map<string, FileState>,
): Promise<void> {
  // Archives tell times in whole seconds.
  const stat = await container.statPath(toText(path));
  if (stat === undefined || stat.mtime.getTime() < container.createdMs - CLOCK_SLACK_MS) return;
  for await (const { header, content } of (await container.getFiles(toText(path))) ?? []) {
    const copy = join(folder, `left-${randomUUID()}`);
    const isSmall = (header.size ?? 0) <= COPIED_BYTES_MAX;
    const state = await toState(header, isSmall ? teeTo(copy, content) : content, () =>
      isSmall ? createReadStream(copy) : nothing(),
    );
    files.set(path, state);
    return;
  }
}

/** File times come from a clock that ticks every few milliseconds; the container's from a finer one. */
const CLOCK_SLACK_MS = 50;

/** Larger ones are told apart by their hashes only. */
const COPIED_BYTES_MAX = 16 * 1024 * 1024;

async function* teeTo(file: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  await using handle = await open(file, 'w', 0o600);
  for await (const chunk of content) {
    await handle.write(chunk);
    yield chunk;
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

const SIZED: ReadonlySet<string> = new Set(['file', 'contiguous-file']);

async function toState(
  { type = 'file', mode = 0, uid = 0, gid = 0, linkname, size = 0 }: ArchiveHeader,
  content: AsyncIterable<Uint8Array>,
  read: () => AsyncIterable<Uint8Array>,
): Promise<FileState> {
  const facts = { mode: mode & 0o7777, uid, gid };
  if (type === 'symlink') return { type, ...facts, linkTarget: toBytes(linkname ?? '') };
  // A hard link within the archive: the other name holds the content.
  if (type === 'link') return { type: 'file', ...facts };
  if (!SIZED.has(type)) return { type, ...facts };
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk);
  return {
    type: 'file',
    ...facts,
    content: { sha256: hash.digest('hex'), sizeBytes: size, read },
  };
}

async function* readAgain(container: Container, path: string): AsyncGenerator<Uint8Array> {
  for await (const { content } of (await container.getFiles(toText(path))) ?? []) {
    yield* content;
    return;
  }
}
