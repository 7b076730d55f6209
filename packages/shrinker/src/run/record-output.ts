import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputChunk } from '@keepset/docker-engine';
import type { Content, StreamName } from '@keepset/run-comparison';

/** Both streams of a run, on disk for as long as the shrink lasts: an output of any size is compared in constant memory. */
export type OutputRecord = Readonly<Record<StreamName, Content>>;

/** What is told of an output that is not kept. */
export function outputDigests({
  stdout,
  stderr,
}: OutputRecord): Readonly<Record<StreamName, Pick<Content, 'sha256' | 'sizeBytes'>>> {
  const digest = ({ sha256, sizeBytes }: Content) => ({ sha256, sizeBytes });
  return { stdout: digest(stdout), stderr: digest(stderr) };
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

async function closeSpool({ file, handle, hash, sizeBytes }: Spool): Promise<Content> {
  await handle.close();
  return { sha256: hash.digest('hex'), sizeBytes, read: () => createReadStream(file) };
}
