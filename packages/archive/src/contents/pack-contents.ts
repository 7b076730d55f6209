import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';

/** A file that is to be packed. */
export interface PackedFile {
  /** Relative to the bag. */
  readonly name: string;
  readonly file: string;
  readonly sizeBytes: number;
  readonly isExecutable: boolean;
}

export interface PackOptions {
  /** The folder that all of it is in. */
  readonly base: string;
  /** Of all members, in UTC. */
  readonly time: Date;
}

/** Write files as one tar, the same bytes each time; they are streamed. */
export async function packTar(
  files: readonly PackedFile[],
  destination: string,
  { base, time }: PackOptions,
): Promise<void> {
  const archive = pack();
  const written = pipeline(archive, createWriteStream(destination, { flags: 'wx' }));
  // Who fails first says why.
  const filled = (async () => {
    for (const { name, file, sizeBytes, isExecutable } of files) {
      const mode = isExecutable ? 0o755 : 0o644;
      const entry = archive.entry({ name: `${base}/${name}`, size: sizeBytes, mode, mtime: time });
      await pipeline(createReadStream(file), entry);
    }
    archive.finalize();
  })();
  await Promise.all([written, filled.catch((error: Error) => archive.destroy(error))]);
}

/** Write files as one zip, the same bytes each time; they are streamed, and stored as they are. */
export async function packZip(
  files: readonly PackedFile[],
  destination: string,
  { base, time }: PackOptions,
): Promise<void> {
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  for (const { name, file, isExecutable } of files)
    zip.addFile(file, `${base}/${name}`, {
      mtime: asLocal(time),
      mode: isExecutable ? 0o100755 : 0o100644,
      // What is large is packed already; and what zlib makes is not the same in all its versions.
      compress: false,
      forceDosTimestamp: true,
    });
  zip.end();
  const failed = new Promise<never>((_, fail) => zip.on('error', fail));
  await Promise.race([
    pipeline(zip.outputStream as NodeJS.ReadableStream, createWriteStream(destination, { flags: 'wx' })),
    failed,
  ]);
}

/** A zip holds local time: that of a zone in which it is UTC's. */
function asLocal(time: Date): Date {
  return new Date(
    time.getUTCFullYear(),
    time.getUTCMonth(),
    time.getUTCDate(),
    time.getUTCHours(),
    time.getUTCMinutes(),
    time.getUTCSeconds(),
  );
}
