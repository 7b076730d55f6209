import {
  type AccessReader,
  type AskedPath,
  type FileAccess,
  type Program,
  readAccesses,
} from '@keepset/strace-parser';
import { TOOLBOX_FOLDER } from '@keepset/toolbox';
import type { TracedRun } from '@keepset/tracer';
import type { RunScope } from './run-scope.js';
import { toBytes } from './source-image.js';

/** The accesses of a traced run, from where the run begins. */
export function readRunAccesses(
  { work: { request }, source: { image } }: RunScope,
  run: TracedRun,
): AccessReader {
  const workingDirectory = request.run.workdir ?? (image.config.WorkingDir || '/');
  return readAccesses(run.readTrace(), { cwd: toBytes(workingDirectory) as AskedPath });
}

/** Whether a path is the toolbox's, which is nobody's reason to keep anything. */
export function isOfToolbox({ path }: Pick<Program, 'path'>): boolean {
  return path.startsWith(`${TOOLBOX_FOLDER}/`);
}

/** The program itself was executed by the toolbox. */
export async function* withoutLauncher(accesses: AsyncIterable<FileAccess>): AsyncGenerator<FileAccess> {
  for await (const access of accesses) {
    const { program } = access;
    yield program !== undefined && isOfToolbox(program) ? { ...access, program: undefined } : access;
  }
}
