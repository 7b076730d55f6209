import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Engine } from '@keepset/docker-engine';
import { type Pack, pack } from 'tar-stream';
import { readLeftFiles } from './left-files.js';
import { openSource } from './open-source.js';
import { type OutputRecord, outputDigests } from './record-output.js';
import { traceAll } from './run-source.js';
import {
  FACTS_NAME,
  type SavedRunFacts,
  saveFiles,
  saveService,
  saveWritten,
  TRACE_FILE_VERSION,
  type TraceFileFacts,
} from './saved-run.js';
import { checkCommands, commandsOf, type RunWishes, scopeRuns, withFirstCommand } from './scope-runs.js';
import type { ProvenRun } from './source-run.js';
import { stdinOf } from './standard-input.js';
import { beginWork, type ShrinkStreams, type SourceRequest } from './work.js';

export interface TraceRequest extends SourceRequest, RunWishes {
  /** Of keepset. */
  readonly version: string;
}

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
 */
export async function traceToFile(
  engine: Engine,
  request: TraceRequest,
  file: string,
  streams: ShrinkStreams,
): Promise<TracedToFile> {
  checkCommands(request, commandsOf(request));
  await using work = await beginWork(engine, withFirstCommand(request), streams);
  await using source = await openSource(work, { inBackground: true });
  const { runs, plan } = await traceAll(scopeRuns(work, source, request), request.jobs);
  await work.stages.run('output', file, async () => {
    const members: { name: string; spool: string }[] = [];
    const spool = async (name: string, bytes: AsyncIterable<Uint8Array>) => {
      const path = join(work.folder, `member-${members.length}.gz`);
      await pipeline(Readable.from(bytes), createGzip(), createWriteStream(path, { mode: 0o600 }));
      members.push({ name: `${name}.gz`, spool: path });
    };
    const saved: SavedRunFacts[] = [];
    for (const [index, run] of runs.entries()) saved.push(await saveRun(run, `runs/${index}`, spool));
    const facts: TraceFileFacts = {
      traceFileVersion: TRACE_FILE_VERSION,
      tool: { name: 'keepset', version: request.version },
      source: {
        reference: request.image,
        id: source.image.id,
        architecture: source.image.architecture,
      },
      runs: saved,
    };
    const archive = pack();
    const written = pipeline(archive, createWriteStream(file));
    archive.entry({ name: FACTS_NAME, mtime: EPOCH }, `${JSON.stringify(facts, undefined, 2)}\n`);
    for (const member of members) await addFile(archive, member.name, member.spool);
    archive.finalize();
    await written;
    return [undefined, `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`] as const;
  });
  return {
    sourceId: source.image.id,
    runs: runs.map(({ name, run }) => ({
      name,
      exitStatus: run.exitStatus,
      traceLines: run.trace?.lines ?? 0,
      keptPaths: plan.kept.size,
    })),
    sizeBytes: (await stat(file)).size,
  };
}

/** The file does not tell when it was made. */
const EPOCH = new Date(0);

async function addFile(archive: Pack, name: string, path: string): Promise<void> {
  const { size } = await stat(path);
  const entry = archive.entry({ name, size, mtime: EPOCH });
  await pipeline(createReadStream(path), entry);
}

/** What is larger is known by its hash alone. */
const SAVED_BYTES_MAX = 16 * 1024 * 1024;

type Spool = (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<void>;

async function saveRun(
  { name, isOptional, work, run }: ProvenRun,
  at: string,
  spool: Spool,
): Promise<SavedRunFacts> {
  const { request, folder } = work;
  const { trace, container, written = [] } = run;
  if (trace === undefined || container === undefined)
    throw new Error('only a run that was traced here can be saved');
  const { logs } = trace;
  await spool(`${at}/trace-0`, logs.readTrace());
  for (const [index, exec] of logs.execTraces.entries()) await spool(`${at}/trace-${index + 1}`, exec.read());
  const saveOutput = async (prefix: string, output: OutputRecord) => {
    for (const stream of ['stdout', 'stderr'] as const)
      if (output[stream].sizeBytes <= SAVED_BYTES_MAX)
        await spool(`${prefix}${stream}`, output[stream].read());
    return outputDigests(output);
  };
  const { stdin } = stdinOf(work, false);
  if (stdin !== undefined) await spool(`${at}/stdin`, stdin);
  const steps: SavedRunFacts['steps'][number][] = [];
  for (const [index, step] of run.steps.entries())
    steps.push({
      name: step.name,
      exitStatus: step.exitStatus ?? null,
      ...(await saveOutput(`${at}/step-${index}-`, step)),
    });
  const { env = [], ...options } = request.run;
  return {
    name,
    command: request.command,
    options,
    variables: env.map((variable) => variable.split('=')[0] ?? ''),
    ...(request.service && { service: saveService(request.service) }),
    ...(request.secondsMax !== undefined && { secondsMax: request.secondsMax }),
    ...(isOptional && { isOptional }),
    exitStatus: run.exitStatus,
    seconds: run.seconds,
    identity: trace.identity,
    seccompFilter: trace.seccompFilter,
    hasStdin: stdin !== undefined,
    execs: logs.execTraces.map(({ command, exitStatus }) => ({ command, exitStatus })),
    ...(await saveOutput(`${at}/`, run.output)),
    steps,
    written: saveWritten(written),
    files: saveFiles(await readLeftFiles(container, written, folder)),
  };
}
