import {
  type AccessReader,
  type AskedPath,
  type FileAccess,
  type Program,
  readAccesses,
} from '@keepset/strace-parser';
import { TOOLBOX_FOLDER } from '@keepset/toolbox';
import type { ExecTrace, TracedRun } from '@keepset/tracer';
import type { Run } from '../run/run.js';
import { toBytes } from '../source/byte-string.js';
import type { Source } from '../source/open-source.js';

/**
 * The accesses of a traced run, from where the run begins: those of the command, then of each program that was started
 * beside it.
 */
export function readRunAccesses(
  { options }: Pick<Run, 'options'>,
  { image }: Pick<Source, 'image'>,
  logs: Pick<TracedRun, 'readTrace' | 'execTraces'>,
): { readonly main: AccessReader; readonly execs: readonly ExecAccesses[] } {
  const workingDirectory = options?.workdir ?? (image.config.WorkingDir || '/');
  const read = (trace: AsyncIterable<Uint8Array>) =>
    readAccesses(trace, { cwd: toBytes(workingDirectory) as AskedPath });
  return {
    main: read(logs.readTrace()),
    execs: logs.execTraces.map((exec) => ({ exec, accesses: read(exec.read()) })),
  };
}

export interface ExecAccesses {
  readonly exec: ExecTrace;
  readonly accesses: AccessReader;
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
