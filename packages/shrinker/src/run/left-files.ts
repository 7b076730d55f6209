import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveHeader, Container } from '@keepset/docker-engine';
import type { ImageTree, TreeEntry } from '@keepset/image-tree';
import type { FileState } from '@keepset/run-comparison';
import { toBytes, toText } from '../source/byte-string.js';
import { isBelow } from '../source/is-below.js';
import { groupPlaces, type PlaceGroup } from './group-places.js';
import type { WrittenPath } from './written-paths.js';

/** The caller hears of every so many. */
const FILES_PER_REPORT = 100;

/** How many archives are asked for at a time. */
const QUESTIONS_AT_ONCE = 4;

/** What a run left at a path. */
export interface LeftFile extends FileState {
  /** As it is in the image, so nothing of the run's: a volume begins with what the image has there. */
  readonly isOfImage?: true;
}

export interface ReadLeftFilesOptions {
  /** Of the image. */
  readonly tree: ImageTree;
  /** For copies of what is read once more. */
  readonly folder: string;
  /** Whether the engine's archives have the owners of files: Podman's have the container's user. Default true. */
  readonly tellsOwners?: boolean;
  /** Called now and then as files come by. */
  readonly onFile?: (count: number) => void;
}

/**
 * What is at the paths where a run may have written, now that it has ended: hashed and copied as it comes by. One
 * archive is asked for each folder that holds several of them.
 */
export async function readLeftFiles(
  container: Container,
  places: readonly WrittenPath[],
  { tree, folder, tellsOwners = true, onFile = () => {} }: ReadLeftFilesOptions,
): Promise<ReadonlyMap<string, LeftFile>> {
  await using copies = await openCopies(folder);
  const files = new Map<string, LeftFile>();
  const groups = groupPlaces(places, tree)[Symbol.iterator]();
  const readSome = async () => {
    for (const group of groups) {
      for await (const [path, state] of readGroup(container, group, { tree, copies, tellsOwners })) {
        files.set(path, state);
        if (files.size % FILES_PER_REPORT === 0) onFile(files.size);
      }
    }
  };
  await Promise.all(Array.from({ length: QUESTIONS_AT_ONCE }, readSome));
  return files;
}

async function* readGroup(
  container: Container,
  { root, places }: PlaceGroup,
  {
    tree,
    copies,
    tellsOwners,
  }: { readonly tree: ImageTree; readonly copies: Copies; readonly tellsOwners: boolean },
): AsyncGenerator<readonly [string, LeftFile]> {
  const wanted = new Map(places.map((place) => [place.path, place]));
  const isWanted = (path: string) =>
    wanted.has(path) || isBelow(path, (above) => wanted.get(above)?.isNew === true);
  // Of one that was there before, only what it is itself: the rest may be the whole image.
  const isAlone = places.length === 1 && places[0]?.path === root && !places[0].isNew;
  const contents = new Map<string, FileState['content']>();
  const links: LeftEntry[] = [];
  const toLeft = ({ path, header }: LeftEntry, state: FileState): readonly [string, LeftFile] => {
    // Of a path that is named, a run is known to have written it.
    const isOfImage = !wanted.has(path) && isUnchanged(header, state, { entry: tree.get(path), tellsOwners });
    return [path, isOfImage ? { ...state, isOfImage } : state];
  };
  for await (const entry of entriesOf(container, root)) {
    const { path, header } = entry;
    if (isWanted(path)) {
      if (header.type === 'link') links.push(entry);
      else {
        const state = await toState(container, entry, copies);
        contents.set(path, state.content);
        yield toLeft(entry, state);
      }
    }
    if (isAlone) return;
  }
  // Which of its names comes first, and holds the content, goes by the order of the folder.
  for (const entry of links) {
    const content = contents.get(entry.target) ?? (await contentAlone(container, entry.path, copies));
    yield toLeft(entry, { type: 'file', ...factsOf(entry.header), ...(content && { content }) });
  }
}

/** The engine's archives tell times in whole seconds; making a file in a directory changes the time of that. */
function isUnchanged(
  { mtime }: ArchiveHeader,
  state: FileState,
  { entry, tellsOwners }: { readonly entry: TreeEntry | undefined; readonly tellsOwners: boolean },
): boolean {
  return (
    entry !== undefined &&
    entry.type === state.type &&
    entry.mode === state.mode &&
    (!tellsOwners || (entry.uid === state.uid && entry.gid === state.gid)) &&
    entry.linkTarget === state.linkTarget &&
    (entry.type !== 'file' || entry.sizeBytes === state.content?.sizeBytes) &&
    (entry.type === 'directory' || Math.floor(entry.mtimeSeconds) === Math.floor(Number(mtime) / 1000))
  );
}

interface LeftEntry {
  /** A byte string. */
  readonly path: string;
  readonly header: ArchiveHeader;
  /** Of a hard link: the path whose content it has. */
  readonly target: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** What is at a path, and below it. */
async function* entriesOf(container: Container, root: string): AsyncGenerator<LeftEntry> {
  const parent = root.slice(0, root.lastIndexOf('/'));
  for await (const { header, content } of (await container.getFiles(toText(root))) ?? [])
    yield {
      path: `${parent}/${toBytes(header.name).replace(/\/$/, '')}`,
      header,
      target: `${parent}/${toBytes(header.linkname ?? '')}`,
      content,
    };
}

/** Of a run's files, so much is kept on this machine; what is not is asked for again when it is to be compared. */
const COPIED_BYTES_MAX = 128 * 1024 * 1024;

/** Copies of small files, one behind the other in one file: many files cost more than many bytes. */
interface Copies extends AsyncDisposable {
  /** @returns undefined where there is no room for so much */
  reserve(sizeBytes: number): Copy | undefined;
}

interface Copy {
  /** Append to it: no more than was asked for. */
  write(chunk: Uint8Array): Promise<void>;
  /** Also when the copies are disposed of. */
  read(): AsyncIterable<Uint8Array>;
}

async function openCopies(folder: string): Promise<Copies> {
  const path = join(folder, `left-${randomUUID()}`);
  const handle = await open(path, 'w', 0o600);
  let reservedBytes = 0;
  return {
    reserve(sizeBytes) {
      if (reservedBytes + sizeBytes > COPIED_BYTES_MAX) return undefined;
      const start = reservedBytes;
      const end = start + sizeBytes;
      reservedBytes = end;
      let at = start;
      return {
        async write(chunk) {
          await handle.write(chunk, 0, chunk.length, at);
          at += chunk.length;
        },
        // A range has its last byte in it.
        read: () => (sizeBytes === 0 ? noBytes() : createReadStream(path, { start, end: end - 1 })),
      };
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** A content of which nothing is, or was kept. */
export async function* noBytes(): AsyncGenerator<Uint8Array> {}

/** The content of one file, from the engine once more. */
async function* readAgain(container: Container, path: string): AsyncGenerator<Uint8Array> {
  for await (const { content } of entriesOf(container, path)) {
    yield* content;
    return;
  }
}

const SIZED: ReadonlySet<string> = new Set(['file', 'contiguous-file']);

async function toState(
  container: Container,
  { path, header, content }: LeftEntry,
  copies: Copies,
): Promise<FileState> {
  const { type = 'file', linkname, size = 0 } = header;
  const facts = factsOf(header);
  if (type === 'symlink') return { type, ...facts, linkTarget: toBytes(linkname ?? '') };
  if (!SIZED.has(type)) return { type, ...facts };
  const copy = copies.reserve(size);
  const hash = createHash('sha256');
  for await (const chunk of content) {
    hash.update(chunk);
    await copy?.write(chunk);
  }
  const sha256 = hash.digest('hex');
  const read = copy?.read ?? (() => readAgain(container, path));
  return { type: 'file', ...facts, content: { sha256, sizeBytes: size, read } };
}

function factsOf({ mode = 0, uid = 0, gid = 0 }: ArchiveHeader): Pick<FileState, 'mode' | 'uid' | 'gid'> {
  return { mode: mode & 0o7777, uid, gid };
}

/** What a file holds whose other name was not read: asked for alone, it is no link. */
async function contentAlone(
  container: Container,
  path: string,
  copies: Copies,
): Promise<FileState['content']> {
  for await (const entry of entriesOf(container, path))
    return (await toState(container, entry, copies)).content;
  return undefined;
}
