import { createReadStream, createWriteStream, fchmodSync, fstatSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Pack, pack } from 'tar-stream';
import { type OutputRecord, outputDigests } from '../run/record-output.js';
import { saveService } from '../run/saved-service.js';
import type { SharedInput } from '../run/shared-input.js';
import type { SourceRun } from '../run/source-run.js';
import { FACTS_NAME, type SavedRunFacts, saveFiles, saveWritten, type TraceFileFacts } from './saved-run.js';

export interface WriteTraceOptions {
  /** What the runs read. */
  readonly input: SharedInput;
  /** On this machine, for members until their sizes are known. */
  readonly folder: string;
}

/**
 * Write traced runs down: a tar of `trace.json`, then what it names, each gzipped by itself.
 *
 * @param facts  beside the runs
 */
export async function writeTrace(
  file: string,
  facts: Omit<TraceFileFacts, 'runs'>,
  runs: readonly SourceRun[],
  { input, folder }: WriteTraceOptions,
): Promise<void> {
  const members: { name: string; spool: string }[] = [];
  const spool = async (name: string, bytes: AsyncIterable<Uint8Array>) => {
    const path = join(folder, `member-${members.length}.gz`);
    await pipeline(Readable.from(bytes), createGzip(), createWriteStream(path, { mode: 0o600 }));
    members.push({ name: `${name}.gz`, spool: path });
  };
  const saved: SavedRunFacts[] = [];
  for (const [index, run] of runs.entries()) saved.push(await saveRun(run, `runs/${index}`, input, spool));
  const archive = pack();
  // Arguments, output and input of a run may be secrets: the owner's alone, whatever the mode of a file that was there.
  const output = createWriteStream(file, { mode: 0o600 });
  output.once('open', (descriptor) => {
    if (fstatSync(descriptor).isFile()) fchmodSync(descriptor, 0o600);
  });
  const written = pipeline(archive, output);
  const text = `${JSON.stringify({ ...facts, runs: saved }, undefined, 2)}\n`;
  archive.entry({ name: FACTS_NAME, mtime: EPOCH }, text);
  for (const member of members) await addFile(archive, member.name, member.spool);
  archive.finalize();
  await written;
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
  { run, ended, trace }: SourceRun,
  at: string,
  input: SharedInput,
  spool: Spool,
): Promise<SavedRunFacts> {
  if (trace === undefined) throw new Error('only a run that was traced can be saved');
  const { logs } = trace;
  await spool(`${at}/trace-0`, logs.readTrace());
  for (const [index, exec] of logs.execTraces.entries()) await spool(`${at}/trace-${index + 1}`, exec.read());
  const stdin = input.of(run);
  if (stdin !== undefined) await spool(`${at}/stdin`, stdin);
  const steps: SavedRunFacts['steps'][number][] = [];
  for (const [index, step] of ended.steps.entries())
    steps.push({
      name: step.name,
      exitStatus: step.exitStatus ?? null,
      ...(await saveOutput(`${at}/step-${index}-`, step, spool)),
    });
  const { env = [], ...options } = run.options ?? {};
  const written = await ended.left.written();
  return {
    name: run.name,
    command: run.command,
    options,
    variables: env.map((variable) => variable.split('=')[0] ?? ''),
    ...(run.service && { service: saveService(run.service) }),
    ...(run.timeoutSeconds !== undefined && { secondsMax: run.timeoutSeconds }),
    ...(run.optional && { isOptional: true as const }),
    exitStatus: ended.exitStatus,
    seconds: ended.seconds,
    identity: trace.identity,
    seccompFilter: trace.seccompFilter,
    ...(trace.unasked && { unasked: trace.unasked }),
    hasStdin: stdin !== undefined,
    execs: logs.execTraces.map(({ command, exitStatus, workingDirectory }) => ({
      command,
      exitStatus,
      ...(workingDirectory !== undefined && { workingDirectory }),
    })),
    ...(await saveOutput(`${at}/`, ended.output, spool)),
    steps,
    written: saveWritten(written),
    files: saveFiles(await ended.left.read(written)),
  };
}

async function saveOutput(
  prefix: string,
  output: OutputRecord,
  spool: Spool,
): Promise<ReturnType<typeof outputDigests>> {
  for (const stream of ['stdout', 'stderr'] as const)
    if (output[stream].sizeBytes <= SAVED_BYTES_MAX) await spool(`${prefix}${stream}`, output[stream].read());
  return outputDigests(output);
}
