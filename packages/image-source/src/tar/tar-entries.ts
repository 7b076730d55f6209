import type { FileHandle } from 'node:fs/promises';
import type { RealPath } from '@keepset/symlink-resolver';
import type { EntryFacts, SourceEntry } from '../image-source.js';
import { SourceError } from '../source-error.js';
import { readTar, type TarEntry } from './read-tar.js';
import { TarFault } from './tar-fault.js';
import { fileInput, streamInput } from './tar-input.js';
import { type TarFacts, toTarHeader, writeTar } from './write-tar.js';

/**
 * The entries of a tar that names each path once, with all folders on the way, as a layer of keepset's does.
 *
 * @param hint  what to do where it is cut short
 * @throws SourceError SOURCE_BAD_LAYER  what it reads is no tar, or not all of it
 * @example (await Array.fromAsync(readTarEntries(writeTarEntries(image.entries(['/etc/motd']))))).length // 1
 */
export async function* readTarEntries(
  tar: AsyncIterable<Uint8Array>,
  hint?: string,
): AsyncGenerator<SourceEntry> {
  try {
    for await (const entry of readTar(streamInput(tar), { needsEnd: true })) yield toSourceEntry(entry);
  } catch (error) {
    throw explained(error, hint);
  }
}

/** An entry of a tar, and where in it: its headers from `start`, its content from `position`. */
export type TarPlace = Omit<TarEntry, 'content'>;

/**
 * The entries of a tar in a file, of which no more than the headers is read.
 *
 * @throws SourceError SOURCE_BAD_LAYER  it is no tar, or not all of it
 * @example
 * const tar = Buffer.concat(await Array.fromAsync(writeTarEntries(image.entries(['/etc/motd']))));
 * const read = async (into, at, length, from) => ({ bytesRead: tar.copy(into, at, from, from + length) });
 * const [motd] = await Array.fromAsync(readTarPlaces({ read }, tar.length));
 * motd.position // 512
 */
export async function* readTarPlaces(
  file: Pick<FileHandle, 'read'>,
  sizeBytes: number,
): AsyncGenerator<TarPlace> {
  try {
    for await (const { content: _, ...place } of readTar(fileInput(file, { start: 0, end: sizeBytes })))
      yield place;
  } catch (error) {
    throw explained(error);
  }
}

/**
 * Entries as a tar, in the one form that keepset writes: the same entries, the same bytes, whoever read them where.
 *
 * @param entries  folders before what they hold, names before what is linked to them
 * @throws SourceError SOURCE_BAD_LAYER  a content is not as long as it was said to be
 * @example (await Array.fromAsync(writeTarEntries(image.entries(['/etc/motd'])))).length // 1
 */
export async function* writeTarEntries(entries: AsyncIterable<SourceEntry>): AsyncGenerator<Uint8Array> {
  try {
    yield* writeTar(toTarItems(entries));
  } catch (error) {
    throw explained(error);
  }
}

function explained(cause: unknown, hint?: string): unknown {
  if (!(cause instanceof TarFault)) return cause;
  return new SourceError('SOURCE_BAD_LAYER', `the tar of the files: ${cause.message}`, {
    ...(hint !== undefined && { hint }),
    cause,
  });
}

async function* toTarItems(entries: AsyncIterable<SourceEntry>) {
  for await (const entry of entries) yield { ...toTarFacts(entry), content: entry.content };
}

/**
 * What stands before the content of an entry in such a tar; a content is filled up to 512 bytes, and 1024 zeros are the
 * end.
 *
 * @example
 * const [motd] = await image.describe(['/etc/motd']);
 * toEntryHeader(motd).length // 512
 */
export function toEntryHeader(entry: EntryFacts): Uint8Array {
  return toTarHeader(toTarFacts(entry));
}

function toSourceEntry(entry: TarEntry): SourceEntry {
  const { name, type, linkName, start, position, isSparse, ...facts } = entry;
  return {
    ...facts,
    path: toPath(name),
    // What is linked has come before, and is what that was.
    type: type === 'hard-link' ? 'file' : type,
    linkTo: type === 'hard-link' ? toPath(linkName) : undefined,
    ...(type === 'symlink' && { linkTarget: linkName }),
  };
}

/** './' → '/', 'etc/' → '/etc'; of paths that are real. */
function toPath(name: string): RealPath {
  return `/${name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '')}` as RealPath;
}

/** As a tar names it: relative, folders with a slash at their end. */
function toTarFacts({ path, linkTo, linkTarget = '', type, ...facts }: EntryFacts): TarFacts {
  const name = path === '/' ? './' : `${path.slice(1)}${type === 'directory' ? '/' : ''}`;
  if (linkTo === undefined) return { ...facts, name, type, linkName: linkTarget };
  return { ...facts, name, type: 'hard-link', linkName: linkTo.slice(1), attributes: NO_ATTRIBUTES };
}

/** They are those of the name that it is linked to. */
const NO_ATTRIBUTES: EntryFacts['attributes'] = new Map();
