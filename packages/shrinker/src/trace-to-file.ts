import { stat } from 'node:fs/promises';
import type { Engine } from '@keepset/docker-engine';
import { traceAll } from './plan/trace-all.js';
import { createProgress } from './progress.js';
import { holdMounts } from './run/hold-mounts.js';
import { createRunner } from './run/runner.js';
import { shareInput } from './run/shared-input.js';
import { openScratchFolder } from './scratch-folder.js';
import { openSource } from './source/open-source.js';
import { TRACE_FILE_VERSION } from './trace-file/saved-run.js';
import { writeTrace } from './trace-file/write-trace.js';
import { allRuns, checkTraceOptions, type ShrinkStreams, type TraceOptions } from './trace-options.js';

/** The source, its runs, and who writes the file. */
export interface TraceToFileOptions extends TraceOptions {
  /** Of keepset. */
  readonly version: string;
}

/** What a trace file holds. */
export interface TracedToFile {
  readonly sourceId: string;
  readonly runs: readonly {
    readonly name: string;
    readonly exitStatus: number;
    readonly traceLines: number;
    readonly keptPaths: number;
  }[];
  readonly sizeBytes: number;
}

/**
 * Run commands in a source under strace, and keep the traces, with all that is needed to shrink by them elsewhere or
 * later: how each run ended, what it printed, and the hashes of what it left. No image is made.
 *
 * @param file  a tar: `trace.json`, then what it names, each gzipped by itself
 * @throws ShrinkError COMMAND_FAILED, …; EngineError; ToolboxError; TracerError
 * @example
 * const runs = [{ name: 'main', command: ['cat', '/etc/debian_version'] }];
 * const streams = { onOutput() {}, onEvent() {} };
 * const traced = await traceToFile(engine, { image: 'debian:12', runs, version: '1' }, 'main.trace', streams);
 * traced.runs[0].exitStatus // 0
 */
export async function traceToFile(
  engine: Engine,
  options: TraceToFileOptions,
  file: string,
  { onOutput, onEvent, stdin }: ShrinkStreams,
): Promise<TracedToFile> {
  checkTraceOptions(options);
  const { image: reference, platform, toolbox, keep = {}, jobs = 1, traceTwice: twice = false } = options;
  const progress = createProgress(onEvent);
  await using scratch = await openScratchFolder();
  const folder = scratch.path;
  await using source = await openSource(
    engine,
    { reference, platform, toolbox, inBackground: true },
    progress,
  );
  const input = shareInput(stdin, folder);
  await using mounts = await holdMounts(engine, source, {}, progress);
  const runner = createRunner({ engine: mounts.engine, source, input, folder });
  const tracing = { keep, jobs, twice, onOutput, progress };
  await using traced = await traceAll(source, runner, allRuns(options, source), tracing);
  const { runs, plan } = traced;
  await progress.stage('output', file, async () => {
    const { id, architecture } = source.image;
    const facts = {
      traceFileVersion: TRACE_FILE_VERSION,
      tool: { name: 'keepset', version: options.version },
      source: { reference, id, architecture },
    } as const;
    await writeTrace(file, facts, runs, { input, folder });
    return [undefined, `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`] as const;
  });
  return {
    sourceId: source.image.id,
    runs: runs.map(({ run: { name }, ended: { exitStatus }, trace }) => ({
      name,
      exitStatus,
      traceLines: trace?.lines ?? 0,
      keptPaths: plan.kept.size,
    })),
    sizeBytes: (await stat(file)).size,
  };
}
