import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputChunk } from '@keepset/docker-engine';

export type StreamName = OutputChunk['stream'];

/** What one stream of a run held. */
export interface StreamRecord {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** On this machine, for as long as the shrink lasts. */
  readonly file: string;
}

/** Both streams of a run, on disk and hashed: an output of any size is compared in constant memory. */
export interface OutputRecord {
  readonly stdout: StreamRecord;
  readonly stderr: StreamRecord;
}

/** Disposing of one that was not finished closes its files. */
export interface OutputRecorder extends AsyncDisposable {
  write(chunk: OutputChunk): Promise<void>;
  finish(): Promise<OutputRecord>;
}

interface Spool {
  readonly file: string;
  readonly handle: FileHandle;
  readonly hash: Hash;
  sizeBytes: number;
}

/** @param name  of the run: names the files in `folder` */
export async function recordOutput(folder: string, name: string): Promise<OutputRecorder> {
  const spools: Record<StreamName, Spool> = {
    stdout: await openSpool(join(folder, `${name}.stdout`)),
    stderr: await openSpool(join(folder, `${name}.stderr`)),
  };
  return {
    async write({ stream, bytes }) {
      const spool = spools[stream];
      spool.hash.update(bytes);
      spool.sizeBytes += bytes.length;
      await spool.handle.write(bytes);
    },
    async finish() {
      return { stdout: await closeSpool(spools.stdout), stderr: await closeSpool(spools.stderr) };
    },
    async [Symbol.asyncDispose]() {
      // Closing a file twice is harmless.
      await Promise.all([spools.stdout.handle.close(), spools.stderr.handle.close()]);
    },
  };
}

async function openSpool(file: string): Promise<Spool> {
  return { file, handle: await open(file, 'w', 0o600), hash: createHash('sha256'), sizeBytes: 0 };
}

async function closeSpool({ file, handle, hash, sizeBytes }: Spool): Promise<StreamRecord> {
  await handle.close();
  return { file, sha256: hash.digest('hex'), sizeBytes };
}
