import { createHash } from 'node:crypto';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that COMMAND left, known by its hash. */
export interface ComparedFile {
  /** As it was named, or below a folder that was. */
  readonly path: string;
  readonly type: 'file' | 'link' | 'other';
  /** Of the bytes, or of the target. */
  readonly sha256: string;
}

/** What became of a file that COMMAND left. */
export interface FileDifference {
  readonly path: string;
  readonly aspect: 'missing' | 'extra' | 'content';
}

/**
 * Hash what is at the paths now: files, and all files below folders, in the order of their names. What is not there is left
 * out.
 *
 * @param folder  to which the paths are relative
 * @example
 * (await readComparedFiles('/etc', ['passwd', 'nothing'])).length // 1
 */
export async function readComparedFiles(
  folder: string,
  paths: readonly string[],
): Promise<readonly ComparedFile[]> {
  const found = new Map<string, ComparedFile>();
  const take = async (path: string): Promise<void> => {
    const at = join(folder, path);
    const state = await lstat(at).catch(() => undefined);
    if (state === undefined) return;
    if (state.isDirectory()) for (const name of await readdir(at)) await take(join(path, name));
    else if (state.isFile()) found.set(path, { path, type: 'file', sha256: await hashFile(at) });
    else if (state.isSymbolicLink())
      found.set(path, { path, type: 'link', sha256: hashText(await readlink(at)) });
    else found.set(path, { path, type: 'other', sha256: hashText('') });
  };
  for (const path of paths) await take(path);
  return [...found.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}

/**
 * sha256 of a file, in hexadecimal digits and constant memory.
 *
 * @example (await hashFile('/etc/hostname')).length // 64
 */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await using file = await open(path);
  // One buffer: what a stream makes anew each time is only freed when memory runs short.
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(buffer);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
  }
}

const READ_BYTES = 256 * 1024;

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Hold what a command left against what it left then. Nothing differs: the same files with the same contents are there.
 *
 * @example
 * const before = [{ path: 'out', type: 'file', sha256: '0' }];
 * compareFiles(before, []) // [{ path: 'out', aspect: 'missing' }]
 */
export function compareFiles(
  recorded: readonly ComparedFile[],
  now: readonly ComparedFile[],
): readonly FileDifference[] {
  const left = new Map(now.map((file) => [file.path, file]));
  const differences: FileDifference[] = [];
  for (const { path, type, sha256 } of recorded) {
    const file = left.get(path);
    left.delete(path);
    if (file === undefined) differences.push({ path, aspect: 'missing' });
    else if (file.type !== type || file.sha256 !== sha256) differences.push({ path, aspect: 'content' });
  }
  return [...differences, ...[...left.keys()].map((path) => ({ path, aspect: 'extra' as const }))];
}
