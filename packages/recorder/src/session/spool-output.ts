import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputChunk } from '@keepset/docker-engine';
import { watchTraceErrors } from '@keepset/tracer';

/** What a container printed on one of its streams. */
export interface RecordedStream {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Its bytes; of what was too large to be saved, its beginning. */
  read(): AsyncIterable<Uint8Array>;
}

/** Both streams of a container. With a terminal all of it is `stdout`. */
export interface RecordedOutput extends Readonly<Record<OutputChunk['stream'], RecordedStream>> {
  /** Of each stream, the bytes that had come when a client asked the program to end. Absent: nobody did. */
  readonly beforeEnd?: Readonly<Record<OutputChunk['stream'], number>>;
  /** Why a part of the trace is missing, as strace said among it. */
  readonly traceError?: string;
}

/** Takes the output of a container, of one start after the other. */
export interface OutputSpool {
  write(chunk: OutputChunk): Promise<void>;
  /** A client asks the program to end. */
  markEnd(): void;
  /** It is started again: it had not ended for good. */
  goOn(): void;
  finish(): Promise<RecordedOutput>;
}

/** Of what is larger, only the hash is whole. */
const SAVED_BYTES_MAX = 16 * 1024 * 1024;

interface Spool {
  readonly file: string;
  readonly hash: Hash;
  handle: Promise<FileHandle> | undefined;
  sizeBytes: number;
}

/** @param name  of the container: names the files in `folder`, which are made when there is something to write */
export function spoolOutput(folder: string, name: string): OutputSpool {
  const toSpool = (stream: string): Spool => ({
    file: join(folder, `${name}.${stream}`),
    hash: createHash('sha256'),
    handle: undefined,
    sizeBytes: 0,
  });
  const errors = watchTraceErrors();
  let beforeEnd: RecordedOutput['beforeEnd'];
  const spools = { stdout: toSpool('stdout'), stderr: toSpool('stderr') };
  return {
    async write({ stream, bytes }) {
      errors.see(stream, bytes);
      const spool = spools[stream];
      spool.hash.update(bytes);
      const room = Math.max(0, SAVED_BYTES_MAX - spool.sizeBytes);
      spool.sizeBytes += bytes.length;
      if (room === 0) return;
      spool.handle ??= open(spool.file, 'w', 0o600);
      await (await spool.handle).write(bytes.subarray(0, room));
    },
    markEnd() {
      beforeEnd ??= { stdout: spools.stdout.sizeBytes, stderr: spools.stderr.sizeBytes };
    },
    goOn() {
      beforeEnd = undefined;
    },
    async finish() {
      const traceError = errors.reason();
      return {
        stdout: await close(spools.stdout),
        stderr: await close(spools.stderr),
        ...(beforeEnd && { beforeEnd }),
        ...(traceError !== undefined && { traceError }),
      };
    },
  };
}

async function close({ file, hash, handle, sizeBytes }: Spool): Promise<RecordedStream> {
  await (await handle)?.close();
  return {
    sha256: hash.digest('hex'),
    sizeBytes,
    read: handle === undefined ? noBytes : () => createReadStream(file),
  };
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
