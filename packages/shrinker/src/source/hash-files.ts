import { createHash } from 'node:crypto';
import { streamProgram } from '@keepset/docker-engine';
import { type ImageReader, nulSeparated, ToolboxError, toolCommand } from '@keepset/toolbox';

/** A regular file of an image. */
export interface SizedFile {
  /** Byte string. */
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * The sha256 of files, in hexadecimal digits. They pass through; none is held.
 *
 * @param files  with the sizes that the image's listing tells
 * @throws ToolboxError TOOLBOX_BAD_ANSWER  a file is not as long as was told
 */
export async function hashFiles(
  reader: Pick<ImageReader, 'container' | 'ownEntries'>,
  files: readonly SizedFile[],
): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  const streamed: SizedFile[] = [];
  for (const file of files) {
    // A running container does not show these.
    const own = reader.ownEntries.get(file.path);
    if (own !== undefined) digests.set(file.path, createHash('sha256').update(own.content).digest('hex'));
    else if (file.sizeBytes === 0) digests.set(file.path, createHash('sha256').digest('hex'));
    else streamed.push(file);
  }
  if (streamed.length === 0) return digests;
  const command = toolCommand('xargs', [
    '-0',
    '-r',
    '--',
    ...toolCommand('head', ['-q', '-c', String(Number.MAX_SAFE_INTEGER), '--']),
  ]);
  const stdin = nulSeparated(streamed.map(({ path }) => path));
  let hash = createHash('sha256');
  let at = 0;
  let missingBytes = streamed[0]?.sizeBytes ?? 0;
  for await (const chunk of streamProgram(reader.container, { command, stdin })) {
    let start = 0;
    while (start < chunk.length) {
      const file = streamed[at];
      if (file === undefined) throw wrongLength(streamed);
      const part = chunk.subarray(start, start + missingBytes);
      hash.update(part);
      start += part.length;
      missingBytes -= part.length;
      if (missingBytes > 0) break;
      digests.set(file.path, hash.digest('hex'));
      hash = createHash('sha256');
      missingBytes = streamed[++at]?.sizeBytes ?? 0;
    }
  }
  if (at !== streamed.length) throw wrongLength(streamed);
  return digests;
}

function wrongLength({ length }: readonly SizedFile[]): ToolboxError {
  return new ToolboxError(
    'TOOLBOX_BAD_ANSWER',
    `the contents of ${length} files are not as long as was told`,
  );
}
