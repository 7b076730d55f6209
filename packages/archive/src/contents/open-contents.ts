import { createReadStream } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { ArchiveError } from '../archive-error.js';
import { invalidMember, requireMemberName } from './member-name.js';

/** A file of a deposit. */
interface Member {
  /** Relative to the bag, checked. */
  readonly name: string;
  /** Its bytes, once; to be read before the next member is asked for. A chunk holds until the next one. */
  content(): AsyncIterable<Uint8Array>;
}

/** How a deposit is kept. */
export type ContentsKind = 'folder' | 'zip' | 'tar';

/** What a deposit holds, wherever it lies. */
export interface Contents {
  readonly kind: ContentsKind;
  /** Every file, each name once. @throws ArchiveError ARCHIVE_INVALID */
  members(): AsyncIterable<Member>;
}

/**
 * Look at a folder, a zip or a tar; what it is shows in its first bytes. Nothing is written.
 *
 * @throws ArchiveError ARCHIVE_INVALID  it is none of these
 */
export async function openContents(path: string): Promise<Contents> {
  const kind = await kindOf(path);
  const read = { folder: readFolder, zip: readZip, tar: readTar }[kind];
  return { kind, members: () => explained(path, once(read(path))) };
}

const ZIP_MARK = 'PK';
const TAR_MARK = 'ustar';
const TAR_MARK_AT = 257;

async function kindOf(path: string): Promise<ContentsKind> {
  const stats = await lstat(path).catch((cause) => {
    throw new ArchiveError('ARCHIVE_INVALID', `there is no deposit at ${path} (${cause.code})`, { cause });
  });
  if (stats.isDirectory()) return 'folder';
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(512), 0, 512, 0);
  if (buffer.toString('latin1', 0, 2) === ZIP_MARK) return 'zip';
  if (buffer.toString('latin1', TAR_MARK_AT, TAR_MARK_AT + 5) === TAR_MARK) return 'tar';
  throw new ArchiveError('ARCHIVE_INVALID', `${path} is no folder, no zip and no tar`);
}

async function* once(members: AsyncIterable<Member>): AsyncGenerator<Member> {
  const seen = new Set<string>();
  for await (const member of members) {
    if (seen.has(member.name)) throw invalidMember(member.name, 'it is there twice');
    seen.add(member.name);
    yield member;
  }
}

/** What a library says of an archive that it cannot read. */
async function* explained(path: string, members: AsyncIterable<Member>): AsyncGenerator<Member> {
  const explain = (cause: unknown) =>
    cause instanceof ArchiveError
      ? cause
      : new ArchiveError('ARCHIVE_INVALID', `${path} cannot be read: ${(cause as Error).message}`, {
          hint: 'It is cut off or damaged: get it again from where it is published.',
          cause,
        });
  try {
    for await (const { name, content } of members)
      yield {
        name,
        async *content() {
          try {
            yield* content();
          } catch (error) {
            throw explain(error);
          }
        },
      };
  } catch (error) {
    throw explain(error);
  }
}

async function* readFolder(path: string, below = ''): AsyncGenerator<Member> {
  const entries = await readdir(join(path, below), { withFileTypes: true });
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of entries) {
    const name = requireMemberName(below === '' ? entry.name : `${below}/${entry.name}`);
    if (entry.isDirectory()) yield* readFolder(path, name);
    else if (entry.isFile()) yield { name, content: () => readFile(join(path, name)) };
    else throw invalidMember(name, 'it is no file and no folder');
  }
}

const READ_BYTES = 256 * 1024;

/** In one buffer: each chunk holds until the next is asked for. */
async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  await using file = await open(path);
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(buffer);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;
/** A deposit is stored as it is; who packs it again may gain so much. */
const UNPACKED_TIMES_MAX = 200;
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024;

async function* readZip(path: string): AsyncGenerator<Member> {
  const { openPromise } = await import('yauzl');
  const { size } = await lstat(path);
  const zip = await openPromise(path, { lazyEntries: true, strictFileNames: true, autoClose: false });
  const base = createBase();
  let packedBytes = 0;
  let unpackedBytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName, compressedSize, uncompressedSize, externalFileAttributes } = entry;
      packedBytes += compressedSize;
      unpackedBytes += uncompressedSize;
      if (packedBytes > size) throw invalidMember(fileName, 'it shares its bytes with another');
      if (unpackedBytes > Math.max(UNPACKED_BYTES_MAX, size * UNPACKED_TIMES_MAX))
        throw invalidMember(fileName, `the whole unpacks to more than ${UNPACKED_TIMES_MAX} times its size`);
      const type = (externalFileAttributes >>> 16) & FILE_TYPE;
      if (type !== 0 && type !== REGULAR && type !== DIRECTORY)
        throw invalidMember(fileName, 'it is no file and no folder');
      if (entry.isEncrypted()) throw invalidMember(fileName, 'it is encrypted');
      const name = base(fileName.replace(/\/$/, ''), fileName.endsWith('/'));
      if (name === undefined) continue;
      yield {
        name,
        async *content() {
          yield* await zip.openReadStreamPromise(entry);
        },
      };
    }
  } finally {
    zip.close();
  }
}

async function* readTar(path: string): AsyncGenerator<Member> {
  const archive = extract();
  const read = pipeline(createReadStream(path), archive);
  read.catch(() => {});
  const base = createBase();
  for await (const entry of archive) {
    const { name, type } = entry.header;
    if (type !== 'file' && type !== 'contiguous-file' && type !== 'directory')
      throw invalidMember(name, 'it is no file and no folder');
    const member = base(name.replace(/\/$/, ''), type === 'directory');
    if (member !== undefined) yield { name: member, content: () => entry as AsyncIterable<Uint8Array> };
    entry.resume();
  }
  await read;
}

/** A packed bag has one folder, the bag itself. @see RFC 8493, 4 */
function createBase(): (name: string, isFolder: boolean) => string | undefined {
  let folder: string | undefined;
  return (name, isFolder) => {
    const [first = '', ...rest] = requireMemberName(name).split('/');
    folder ??= first;
    if (first !== folder) throw invalidMember(name, `it is not in the folder ${folder}`);
    if (isFolder) return undefined;
    if (rest.length === 0) throw invalidMember(name, 'it is in no folder');
    return rest.join('/');
  };
}
