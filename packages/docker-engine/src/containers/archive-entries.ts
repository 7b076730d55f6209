import type { Readable } from 'node:stream';
import { extract, type Pack, pack } from 'tar-stream';

/** The metadata of an entry: modes in 12 bits, sizes in bytes. Absent fields take tar-stream's defaults on writing. */
export interface ArchiveHeader {
  readonly name: string;
  readonly type?:
    | 'file'
    | 'link'
    | 'symlink'
    | 'directory'
    | 'fifo'
    | 'character-device'
    | 'block-device'
    | string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  readonly mtime?: Date;
  readonly linkname?: string;
}

/** One entry of a tar that the engine sent. Its content must be read, or passed over, before the next entry. */
export interface ArchiveEntry {
  readonly header: ArchiveHeader;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Read the entries of a tar. An error of the source is the reader's; leaving early ends the source. */
export async function* readArchiveEntries(archive: Readable): AsyncGenerator<ArchiveEntry> {
  const entries = extract();
  archive.pipe(entries as unknown as NodeJS.WritableStream);
  // Node's pipeline does not carry an error over to a stream of tar-stream's kind: its reader would wait for ever.
  archive.once('error', (error) => entries.destroy(error));
  try {
    for await (const entry of entries) {
      yield {
        header: entry.header as unknown as ArchiveHeader,
        content: entry as unknown as AsyncIterable<Uint8Array>,
      };
      entry.resume();
    }
  } finally {
    // The tar library does not end its source when its reader leaves early.
    archive.destroy();
  }
}

/** A small file or folder to be sent to the engine. */
export interface ArchiveFile {
  readonly header: ArchiveHeader;
  readonly content?: Uint8Array;
}

/** The tar of some files, as they are asked for. */
export async function* streamArchive(files: Iterable<ArchiveFile>): AsyncGenerator<Uint8Array> {
  const archive = pack();
  const adding = addAll(archive, files);
  // Whoever reads the tar gets the error.
  adding.catch((error) => archive.destroy(error as Error));
  yield* archive as unknown as AsyncIterable<Uint8Array>;
  await adding;
}

const NOTHING = new Uint8Array();

/** The same bytes, not a copy. */
function toBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

async function addAll(archive: Pack, files: Iterable<ArchiveFile>): Promise<void> {
  for (const { header, content } of files) {
    await new Promise<void>((resolve, reject) => {
      archive.entry(header as Parameters<Pack['entry']>[0], toBuffer(content ?? NOTHING), (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }
  archive.finalize();
}

/**
 * The tar of some small files.
 *
 * @example (await packArchive([{ header: { name: 'note' }, content: Buffer.from('a note') }])).length // 2048
 */
export async function packArchive(files: Iterable<ArchiveFile>): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(streamArchive(files)));
}
