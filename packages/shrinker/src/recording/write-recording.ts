import { lstat, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Recorded, RecordedContainer, SavedLaunch } from '@keepset/recorder';
import type { SourceRun } from '../run/source-run.js';
import { ShrinkError } from '../shrink-error.js';
import { TRACE_FILE_VERSION, type TraceFileFacts } from '../trace-file/saved-run.js';
import { writeTrace } from '../trace-file/write-trace.js';
import { readNextflowProcess } from './nextflow-process.js';
import {
  RECORDING_NAME,
  RECORDING_VERSION,
  type RecordedFacts,
  type RecordedImage,
  type Recording,
} from './recording.js';
import { replaceWhole, writeWholeJson } from './write-whole.js';

/** What is written down beside what was recorded. */
export interface WriteRecordingOptions {
  /** Of keepset. */
  readonly version: string;
  /** Which started the containers, and how it ended. */
  readonly program: string;
  readonly exitStatus: number;
  /** Files that it left, by which a proof is held. Default none. */
  readonly compared?: Recording['compared'];
  /** On this machine, for what is not yet whole. */
  readonly scratch: string;
}

const TRACES = 'traces';
/** By which docker-compose knows its containers. */
const COMPOSE_PROJECT = 'com.docker.compose.project';
const COMPOSE_SERVICE = 'com.docker.compose.service';

/**
 * Write down what was recorded: a trace file for each source image, and the account of it, which comes last and at once.
 * All is the owner's alone.
 *
 * @param folder  is made where it is missing
 * @example
 * const made = { version: '1', program: 'make', exitStatus: 0, scratch: '/tmp/scratch' };
 * const { program } = await writeRecording('/tmp/recording', { containers: [], untraced: [] }, made);
 * program // 'make'
 */
export async function writeRecording(
  folder: string,
  { containers, untraced }: Recorded,
  { version, program, exitStatus, compared, scratch }: WriteRecordingOptions,
): Promise<Recording> {
  await mkdir(join(folder, TRACES), { recursive: true, mode: 0o700 });
  const images: RecordedImage[] = [];
  for (const group of groupByImage(containers)) {
    const [first] = group;
    if (first === undefined) continue;
    const { id, architecture, reference } = first.image;
    const references = [...new Set(group.map(({ image }) => image.reference))].sort();
    const runs = toSourceRuns(group, ({ isLaunched }) => isLaunched);
    if (runs.length === 0) {
      images.push({ references, id, architecture });
      continue;
    }
    const traceFile = traceFileOf({ id });
    const path = join(folder, traceFile);
    await writeImageTrace(path, runs, { version, source: { reference, id, architecture }, scratch });
    images.push({ references, id, architecture, traceFile, traceBytes: (await stat(path)).size });
  }
  const facts: RecordedFacts[] = [];
  for (const container of containers) facts.push(await toFacts(container));
  const recording: Recording = {
    recordingVersion: RECORDING_VERSION,
    tool: { name: 'keepset', version },
    program: plain(program),
    exitStatus,
    images,
    containers: facts,
    ...(compared && { compared }),
    untraced: untraced.map(({ name, image, imageId, command, reason }) => ({
      ...{ name: plain(name), image: plain(image), command, reason: plain(reason) },
      ...(imageId !== undefined && { imageId }),
    })),
  };
  await rewriteRecording(folder, recording);
  return recording;
}

/**
 * Write the account of a recording down anew, at once: its traces are as they were.
 *
 * @param folder  of the recording
 * @example
 * await rewriteRecording('/tmp/recording', await readRecording('/tmp/recording')) // undefined
 */
export async function rewriteRecording(folder: string, recording: Recording): Promise<void> {
  await writeWholeJson(join(folder, RECORDING_NAME), recording);
}

/**
 * Where the traces of an image lie, below the folder.
 *
 * @param part  of several files of one image; empty: the first
 */
export function traceFileOf({ id }: Pick<RecordedImage, 'id'>, part = ''): string {
  return `${TRACES}/${id.slice('sha256:'.length, 'sha256:'.length + 12)}${part}.trace`;
}

/**
 * Write down what was traced of one image, at once.
 *
 * @throws ShrinkError RECORDING_INVALID  the folder of traces is a link: who made the recording chooses no place for it
 */
export async function writeImageTrace(
  path: string,
  runs: readonly SourceRun[],
  {
    version,
    source,
    scratch,
  }: Pick<WriteRecordingOptions, 'version' | 'scratch'> & Pick<TraceFileFacts, 'source'>,
): Promise<void> {
  if (!(await lstat(dirname(path))).isDirectory())
    throw new ShrinkError('RECORDING_INVALID', `${dirname(path)} is no folder: nothing is written there`);
  const facts = { traceFileVersion: TRACE_FILE_VERSION, tool: { name: 'keepset', version }, source } as const;
  const folder = await mkdtemp(join(scratch, 'image-'));
  await replaceWhole(path, (partial) =>
    writeTrace(partial, facts, runs, { input: { of: () => undefined }, folder }),
  );
  await rm(folder, { recursive: true });
}

function groupByImage(containers: readonly RecordedContainer[]): readonly (readonly RecordedContainer[])[] {
  return [...Map.groupBy(containers, ({ image }) => image.id).values()];
}

/**
 * Each by a name of its own.
 *
 * @param counts  whether a launch is written down: what was not executed has used nothing
 */
export function toSourceRuns(
  containers: readonly RecordedContainer[],
  counts: (launch: SavedLaunch) => boolean,
): readonly SourceRun[] {
  return containers.flatMap((container) => {
    const { run, identity, seccompFilter, output, seconds } = container;
    const launches = container.launches.filter(counts);
    const [main, ...again] = launches;
    if (main === undefined) return [];
    const { command, options, variables } = run;
    const { exitStatus } = main;
    const execTraces = [
      ...again.map((launch) => ({ ...launch, command })),
      ...container.execs.filter(counts),
    ];
    const logs = { exitStatus, complaint: '', identity, seccompFilter, readTrace: main.read, execTraces };
    return [
      {
        run: {
          name: nameOfRun({ ...container, command }),
          command,
          options: { ...options, ...(variables.length > 0 && { env: variables }) },
        },
        command,
        ended: {
          exitStatus,
          seconds,
          output,
          // Of programs beside process 1: what they printed.
          steps: container.execs.flatMap(({ command, exitStatus, output }) =>
            output === undefined ? [] : [{ name: command.join(' '), exitStatus, ...output }],
          ),
          answers: [],
          left: { written: async () => [], read: async () => new Map() },
          async [Symbol.asyncDispose]() {},
        },
        trace: {
          identity,
          lines: 0,
          seccompFilter,
          killedBy: [],
          startedPrograms: 0,
          processes: [],
          logs,
        },
      },
    ];
  });
}

const NAME_CHARACTERS_MAX = 60;

/**
 * Of a container, as trace files name its run.
 *
 * @example nameOfRun({ number: 3, name: '', command: ['/usr/bin/Rscript', 'a.R'] }) // '3-Rscript'
 */
export function nameOfRun({
  number,
  name,
  command: [program = 'main'],
}: Pick<RecordedFacts, 'number' | 'name' | 'command'>): string {
  const given = name === '' ? program.slice(program.lastIndexOf('/') + 1) : name;
  return `${number}-${given.replace(/[^\w.-]+/g, '_').slice(0, NAME_CHARACTERS_MAX)}`;
}

async function toFacts(container: RecordedContainer): Promise<RecordedFacts> {
  const { number, name, image, run, client, starts, isRunning, exitStatus, seconds, output, execs, labels } =
    container;
  const { [COMPOSE_PROJECT]: project, [COMPOSE_SERVICE]: service } = labels;
  const process = await readNextflowProcess(run);
  const digest = ({ sha256, sizeBytes }: { sha256: string; sizeBytes: number }) => ({ sha256, sizeBytes });
  return {
    number,
    name: plain(name),
    image: plain(image.reference),
    imageId: image.id,
    command: run.command,
    variables: run.variables,
    client: plain(client),
    starts,
    exitStatus: isRunning ? null : (exitStatus ?? null),
    seconds,
    tty: run.options.tty === true,
    ...(container.hasEngineSocket && { hasEngineSocket: true }),
    stdout: digest(output.stdout),
    stderr: digest(output.stderr),
    ...(output.beforeEnd && { beforeEnd: output.beforeEnd }),
    execs: execs.map(({ command, exitStatus: status, isHealthcheck, output: printed }) => ({
      command,
      exitStatus: status,
      ...(isHealthcheck && { isHealthcheck }),
      ...(printed && { stdout: digest(printed.stdout), stderr: digest(printed.stderr) }),
    })),
    ...(project !== undefined &&
      service !== undefined && { compose: { project: plain(project), service: plain(service) } }),
    ...(process !== undefined && { nextflow: { process } }),
  };
}

function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '?').slice(0, 1000);
}
