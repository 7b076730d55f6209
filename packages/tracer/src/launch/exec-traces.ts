import type { Container, OutputChunk } from '@keepset/docker-engine';
import type { Launch } from './plan-launch.js';
import { requireWritten, watchTraceErrors } from './trace-errors.js';
import { readTraceFile } from './trace-files.js';

/** The trace of a further program that was started in the container. */
export interface ExecTrace {
  readonly command: readonly string[];
  readonly exitStatus: number;
  /** Where it was started. Default: where process 1 was. */
  readonly workingDirectory?: string;
  /** strace's text. @throws TracerError TRACE_MISSING */
  read(): AsyncIterable<Uint8Array>;
}

/** Starts further programs in a traced container, each under a strace of its own. */
export interface TracedExecs {
  /** Run a command to its end. @returns its exit status @throws TracerError TRACE_UNWRITTEN */
  exec(command: readonly string[], onOutput: (chunk: OutputChunk) => void | Promise<void>): Promise<number>;
  /** Of those that have ended. */
  readonly traces: readonly ExecTrace[];
}

/** @param container  in which `launch` starts programs */
export function traceExecs(container: Container, launch: Launch): TracedExecs {
  const traces: ExecTrace[] = [];
  let begun = 0;
  return {
    traces,
    async exec(command, onOutput) {
      const name = `exec-${++begun}`;
      const exec = await container.exec({
        command: launch.traced(command, name),
        ...(launch.user !== undefined && { user: launch.user }),
      });
      const errors = watchTraceErrors();
      for await (const chunk of exec.output) {
        errors.see(chunk.stream, chunk.bytes);
        await onOutput(chunk);
      }
      requireWritten(errors);
      const exitStatus = await exec.exitStatus();
      traces.push({
        command,
        exitStatus,
        read: () => readTraceFile(container, `${launch.folder}/${name}`, command),
      });
      return exitStatus;
    },
  };
}
