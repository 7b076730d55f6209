import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';

/** One file of an image archive. */
export interface ArchivePart {
  /** Relative, with `/`. */
  readonly name: string;
  readonly content: string | PartFile | PartStream;
}

/** Content that lies on this machine. */
interface PartFile {
  readonly file: string;
  readonly sizeBytes: number;
}

/** Content that comes from elsewhere. */
interface PartStream {
  readonly open: () => AsyncIterable<Uint8Array>;
  readonly sizeBytes: number;
}

/** Of a file that is streamed, in one piece. */
export const READ_BYTES = 64 * 1024;
const EPOCH = new Date(0);

/** The parts as a tar, the same bytes each time; files are streamed. */
export async function* packParts(parts: readonly ArchivePart[]): AsyncGenerator<Uint8Array> {
  const archive = pack();
  const written = writeParts(archive, parts).then(
    () => archive.finalize(),
    (error: Error) => archive.destroy(error),
  );
  yield* archive as unknown as AsyncIterable<Uint8Array>;
  await written;
}

async function writeParts(archive: Pack, parts: readonly ArchivePart[]): Promise<void> {
  for (const { name, content } of parts) {
    if (typeof content === 'string') {
      archive.entry({ name, mtime: EPOCH }, content);
      continue;
    }
    const entry = archive.entry({ name, size: content.sizeBytes, mtime: EPOCH });
    await pipeline(openPart(content), entry as unknown as NodeJS.WritableStream);
  }
}

/** The bytes of a part that is no text. */
export function openPart(content: PartFile | PartStream): AsyncIterable<Uint8Array> {
  return 'file' in content ? createReadStream(content.file, { highWaterMark: READ_BYTES }) : content.open();
}
