import { type Container, runProgram } from '@keepset/docker-engine';
import { ToolboxError } from '../toolbox-error.js';
import { toolCommand } from '../toolbox-layout.js';
import { nulSeparated } from './nul-separated.js';

/** A regular file, and how long it is. */
export interface SizedFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * The first bytes of files: one program run for all, whose output is cut by the sizes.
 *
 * @throws ToolboxError TOOLBOX_BAD_ANSWER  the sizes are not those of the files
 */
export async function readHeads(
  container: Container,
  files: readonly SizedFile[],
  maxBytes: number,
): Promise<readonly Uint8Array[]> {
  const bytes = await readStarts(container, files, maxBytes);
  let at = 0;
  const heads = files.map(({ sizeBytes }) => {
    const start = at;
    at += Math.min(sizeBytes, maxBytes);
    return bytes.subarray(start, at);
  });
  if (at !== bytes.length) {
    throw new ToolboxError(
      'TOOLBOX_BAD_ANSWER',
      `expected ${at} bytes from the starts of ${files.length} files of the image, got ${bytes.length}`,
    );
  }
  return heads;
}

/** One after the other. */
async function readStarts(
  container: Container,
  files: readonly SizedFile[],
  maxBytes: number,
): Promise<Uint8Array> {
  const paths = files.filter(({ sizeBytes }) => sizeBytes > 0).map(({ path }) => path);
  if (paths.length === 0) return new Uint8Array();
  const head = toolCommand('head', ['-q', '-c', String(maxBytes), '--']);
  const command = toolCommand('xargs', ['-0', '-r', '--', ...head]);
  return await runProgram(container, { command, stdin: nulSeparated(paths) });
}
