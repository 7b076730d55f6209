import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { RunOptions } from '@keepset/docker-engine';

/** Where the engine that runs a task says which it is. */
const SCRIPT = '.command.run';
const HEAD_BYTES = 4096;
/** As a process is named, behind the workflows that it is in. */
export const NEXTFLOW_PROCESS = /^[A-Za-z_]\w*(?::[A-Za-z_]\w*)*$/;

/**
 * Which process of a Nextflow pipeline a container belongs to: the engine of containers is not told, and the script in the
 * task's folder says it.
 *
 * @returns undefined: it is none, or its folder is not on this machine
 * @see https://github.com/nextflow-io/nextflow, command-run.txt
 * @example
 * await readNextflowProcess({ command: ['bash', '.command.run'], options: { workdir: '/work/1a/2b3c' } }) // undefined
 */
export async function readNextflowProcess({
  command,
  options: { workdir = '' },
}: {
  readonly command: readonly string[];
  readonly options: Pick<RunOptions, 'workdir'>;
}): Promise<string | undefined> {
  if (!isAbsolute(workdir) || !command.some((word) => word.includes('.command.'))) return undefined;
  const head = await readHead(join(workdir, SCRIPT));
  const [, name = ''] = /^# NEXTFLOW TASK: (\S+)/m.exec(head) ?? /^### name: '([^' ]+)/m.exec(head) ?? [];
  return NEXTFLOW_PROCESS.test(name) ? name : undefined;
}

/** Empty: there is no such file. */
async function readHead(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    // Whatever stands there by that name, it is not waited for.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) return '';
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await file?.close();
  }
}
