import {
  type ExecTrace,
  type ProgramAccesses,
  type ProgramOptions,
  readProgramAccesses,
  type TracedRun,
} from '@keepset/tracer';
import type { Run } from '../run/run.js';
import { toBytes } from '../source/byte-string.js';
import type { Source } from '../source/open-source.js';

/** The accesses of a traced run: those of the command, then of each program that was started beside it. */
export function readRunAccesses(
  { options = {} }: Pick<Run, 'options'>,
  { image }: Pick<Source, 'image'>,
  logs: Pick<TracedRun, 'readTrace' | 'execTraces'>,
  reading: Pick<ProgramOptions, 'withAttempts'> = {},
): { readonly main: ProgramAccesses; readonly execs: readonly ExecAccesses[] } {
  const workingDirectory = toBytes(options.workdir ?? (image.config.WorkingDir || '/'));
  const read = (trace: AsyncIterable<Uint8Array>, own?: string) =>
    readProgramAccesses(trace, {
      workingDirectory: own === undefined ? workingDirectory : toBytes(own),
      ...reading,
    });
  return {
    main: read(logs.readTrace()),
    execs: logs.execTraces.map((exec) => ({ exec, accesses: read(exec.read(), exec.workingDirectory) })),
  };
}

export interface ExecAccesses {
  readonly exec: ExecTrace;
  readonly accesses: ProgramAccesses;
}
