import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, type OutputChunk, type RunOptions, toContainerConfig } from '@keepset/docker-engine';
import { type PlanOptions, parsePathPattern } from '@keepset/keep-planner';
import type { ToolboxOptions } from '@keepset/toolbox';
import type { Service } from '@keepset/tracer';
import { createStages, type ShrinkEvent, type Stages } from './stages.js';

/** What is run in which image, and what is to be kept of it. */
export interface SourceRequest {
  /** Reference or id of the source. */
  readonly image: string;
  /** What follows IMAGE; empty: the image's own ENTRYPOINT and CMD. */
  readonly command: readonly string[];
  readonly run: RunOptions;
  /** What the user wants kept or dropped besides. */
  readonly keep?: Omit<PlanOptions, 'needs'>;
  /** Go on also when the command fails; a result must then fail in the same way. Default false. */
  readonly allowFailure?: boolean;
  /** Trace the command twice, keep what either run used, and tell in what they differ. Default false. */
  readonly traceTwice?: boolean;
  /** What is to be asked of a command that does not end by itself. Default nothing: it is awaited. */
  readonly service?: Service;
  /** How long the command may take before it is killed. Default: as long as it likes. */
  readonly secondsMax?: number;
  /** What the command must do in the source. Default: end with 0. */
  readonly expect?: Expectation;
  /** Its standard input, as often as it is asked for. Default: the caller's, of the streams. */
  readonly stdin?: () => AsyncIterable<Uint8Array>;
  /** The variables of probes. Default none. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly toolbox?: ToolboxOptions;
}

/** What shows that a run did what it was meant to do. */
export interface Expectation {
  /** Default 0. */
  readonly exitStatus?: number;
  /** What must match its standard output. */
  readonly stdout?: RegExp;
  readonly stderr?: RegExp;
}

/** The outside world of a shrink. */
export interface ShrinkStreams {
  /**
   * The output of the command in the source, as it comes. A command that executes setuid programs is run twice (see
   * the note among the events): both outputs come, and the second is the one that counts.
   */
  readonly onOutput: (chunk: OutputChunk) => void | Promise<void>;
  /** For the command's standard input, when `run.interactive` is set; kept, and given to the result as well. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly onEvent: (event: ShrinkEvent) => void;
}

/** Everything that the steps of one shrink work with. */
export interface Work {
  readonly engine: Engine;
  readonly request: SourceRequest;
  readonly streams: ShrinkStreams;
  readonly stages: Stages;
  /** On this machine; removed at the end. */
  readonly folder: string;
  /** Dispose of something while the work goes on; the work ends only when it is gone. */
  leave(disposable: AsyncDisposable): void;
  /** Dispose of something when the work ends. */
  keep(disposable: AsyncDisposable): void;
}

/**
 * Begin, with everything checked that needs no engine: what cannot be understood must not be found out after a long run.
 *
 * @throws EngineError RUN_OPTION_INVALID; PlanError PLAN_BAD_PATTERN
 */
export async function beginWork(
  engine: Engine,
  request: SourceRequest,
  streams: ShrinkStreams,
): Promise<Work & AsyncDisposable> {
  toContainerConfig(request.image, request.command, request.run);
  for (const pattern of [...(request.keep?.keep ?? []), ...(request.keep?.drop ?? [])])
    parsePathPattern(pattern);
  const folder = await mkdtemp(join(tmpdir(), 'keepset-'));
  const disposals: PromiseLike<void>[] = [];
  const kept: AsyncDisposable[] = [];
  return {
    engine,
    request,
    streams,
    stages: createStages(streams.onEvent),
    folder,
    leave(disposable) {
      disposals.push(disposable[Symbol.asyncDispose]());
    },
    keep(disposable) {
      kept.push(disposable);
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...disposals, ...kept.map((each) => each[Symbol.asyncDispose]())]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
