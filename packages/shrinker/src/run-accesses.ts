import {
  type ExecTrace,
  type ProgramAccesses,
  type ProgramOptions,
  readProgramAccesses,
  type TracedRun,
} from '@keepset/tracer';
import type { RunScope } from './run-scope.js';
import { toBytes } from './source-image.js';

/** The accesses of a traced run: those of the command, then of each program that was started beside it. */
export function readRunAccesses(
  { work: { request }, source: { image } }: RunScope,
  run: Pick<TracedRun, 'readTrace' | 'execTraces'>,
  options: Pick<ProgramOptions, 'withAttempts'> = {},
): { readonly main: ProgramAccesses; readonly execs: readonly ExecAccesses[] } {
  const workingDirectory = toBytes(request.run.workdir ?? (image.config.WorkingDir || '/'));
  const read = (trace: AsyncIterable<Uint8Array>) =>
    readProgramAccesses(trace, { workingDirectory, ...options });
  return {
    main: read(run.readTrace()),
    execs: run.execTraces.map((exec) => ({ exec, accesses: read(exec.read()) })),
  };
}

export interface ExecAccesses {
  readonly exec: ExecTrace;
  readonly accesses: ProgramAccesses;
}
