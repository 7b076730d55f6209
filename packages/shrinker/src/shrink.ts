import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type Engine,
  EngineError,
  effectiveCommand,
  type ImageDetails,
  type OutputChunk,
  parseTagReference,
  type RunOptions,
  toContainerConfig,
} from '@keepset/docker-engine';
import { type BuiltImage, buildImage } from '@keepset/image-builder';
import type { ImageTree } from '@keepset/image-tree';
import { formatKeepList, type KeepPlan, type PlanOptions, planKeep } from '@keepset/keep-planner';
import { type AccessSummary, readAccesses } from '@keepset/strace-parser';
import {
  type ImageReader,
  openImageReader,
  provideToolbox,
  type Toolbox,
  type ToolboxOptions,
} from '@keepset/toolbox';
import { afterLaunch, type Identity, runContainer, type TracedRun, traceRun } from '@keepset/tracer';
import { checkTraceComplete } from './check-trace.js';
import { compareRuns, type Difference, type RunOutcome } from './compare-runs.js';
import type { Manifest } from './manifest.js';
import { privilegedPrograms } from './privileged-programs.js';
import { recordOutput } from './record-output.js';
import { ShrinkError } from './shrink-error.js';
import { findSource, readTree, toNeeds, toSourceImage } from './source-image.js';
import { createStages, type ShrinkEvent, type StageSeconds } from './stages.js';

export interface ShrinkRequest {
  /** Reference or id of the source. */
  readonly image: string;
  /** What follows IMAGE; empty: the image's own ENTRYPOINT and CMD. */
  readonly command: readonly string[];
  /** NAME[:TAG] of the result, any number of them; none: it stays without a name. */
  readonly tags: readonly string[];
  readonly run: RunOptions;
  /** What the user wants kept or dropped besides. */
  readonly keep?: Omit<PlanOptions, 'needs'>;
  /** Build also when the command fails; the result must then fail in the same way. Default false. */
  readonly allowFailure?: boolean;
  /** Run the command in the result and compare, before it gets its name. Default true. */
  readonly verify?: boolean;
  readonly toolbox?: ToolboxOptions;
  /** ISO 8601, of the result; default: the source's. */
  readonly created?: string;
  /** Of keepset, for history and manifest. */
  readonly version: string;
}

/** The outside world of a shrink. */
export interface ShrinkStreams {
  /** The traced command's output, as it comes. */
  readonly onOutput: (chunk: OutputChunk) => void | Promise<void>;
  /** For the command's standard input, when `run.interactive` is set; kept, and given to the result as well. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly onEvent: (event: ShrinkEvent) => void;
}

export interface ShrinkResult {
  readonly id: string;
  readonly sourceBytes: number;
  readonly resultBytes: number;
  readonly keptFiles: number;
  readonly sourceFiles: number;
  readonly exitStatus: number;
  /** Of the traced run: its wall clock. */
  readonly runSeconds: number;
  readonly verified: boolean;
  readonly stages: readonly StageSeconds[];
  /** The text of keep.txt. */
  readonly keepList: string;
  readonly manifest: Manifest;
}

/** Everything one shrink works with. */
interface Work {
  readonly engine: Engine;
  readonly request: ShrinkRequest;
  readonly streams: ShrinkStreams;
  readonly stages: ReturnType<typeof createStages>;
  /** On this machine; removed at the end. */
  readonly folder: string;
  /** What was left to be removed in the background. */
  readonly disposals: Promise<void>[];
}

/** A run of the source that has ended, and what it leads to. */
interface Traced {
  readonly outcome: RunOutcome;
  readonly exitStatus: number;
  readonly seconds: number;
  readonly identity: Identity;
  readonly summary: AccessSummary;
  readonly plan: KeepPlan;
}

/**
 * Shrink an image to what a command uses: trace, keep, build, verify. The name moves only once the result has proved
 * itself; whatever happens, nothing else is left at the engine.
 *
 * @throws ShrinkError  COMMAND_FAILED, COMMAND_NOT_FOUND, VERIFICATION_FAILED, …
 * @throws EngineError, ToolboxError, TracerError, BuildError, PlanError
 */
export async function shrink(
  engine: Engine,
  request: ShrinkRequest,
  streams: ShrinkStreams,
): Promise<ShrinkResult> {
  // Before any work: what cannot be understood would be found out in the middle, or at the very end.
  toContainerConfig(request.image, request.command, request.run);
  const tags = request.tags.map(parseTagReference);
  const folder = await mkdtemp(join(tmpdir(), 'keepset-'));
  const work: Work = {
    engine,
    request,
    streams,
    stages: createStages(streams.onEvent),
    folder,
    disposals: [],
  };
  try {
    const { source, toolbox } = await inspectSource(work);
    await using reader = await openImageReader(engine, source, toolbox);
    const tree = readTree(reader);
    // Awaited after the run; a run that fails first must not leave this one's failure unheard.
    tree.catch(() => {});
    const traced = await traceSource(work, { source, toolbox, reader, tree });
    requireSuccess(work, traced);
    const built = await buildResult(work, { source, reader, traced });
    // Not waited for here: the engine takes its time, and nothing more is asked of it.
    leave(work, reader);
    try {
      const result = await engine.inspectImage(built.id);
      const resultBytes = result?.sizeBytes ?? built.layerBytes;
      const verified = request.verify !== false;
      if (verified) await verifyResult(work, built.id, traced);
      for (const tag of tags) await engine.tagImage(built.id, tag);
      return await toResult(work, { source, traced, built, tree: await tree, resultBytes, verified });
    } catch (error) {
      if (!built.existed) await engine.removeImage(built.id);
      throw error;
    }
  } finally {
    await Promise.allSettled(work.disposals);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Dispose of something while the work goes on; the shrink ends only when it is gone. */
function leave({ disposals }: Work, disposable: AsyncDisposable): void {
  const disposal = disposable[Symbol.asyncDispose]();
  disposal.then(undefined, () => {});
  disposals.push(Promise.resolve(disposal));
}

async function inspectSource({
  engine,
  request,
  streams,
  stages,
}: Work): Promise<{ source: ImageDetails; toolbox: Toolbox }> {
  return await stages.run('inspect', request.image, async () => {
    const source = await findSource(engine, request.image, request.run.platform, () =>
      streams.onEvent({ kind: 'note', message: `the engine has no image '${request.image}': pulling it` }),
    );
    if (effectiveCommand(source.config, request.command, request.run.entrypoint).length === 0) {
      throw new ShrinkError('COMMAND_MISSING', `'${request.image}' has no ENTRYPOINT and no CMD`, {
        hint: 'Say after IMAGE which command to run.',
      });
    }
    const toolbox = await provideToolbox(engine, source.id, engine.details.architecture, request.toolbox);
    return [{ source, toolbox }, source.id.slice('sha256:'.length, 19)] as const;
  });
}

interface SourceParts {
  readonly source: ImageDetails;
  readonly toolbox: Toolbox;
  readonly reader: ImageReader;
  readonly tree: Promise<ImageTree>;
}

async function traceSource(work: Work, parts: SourceParts): Promise<Traced> {
  const traced = await traceOnce(work, parts, true);
  const privileged = privilegedPrograms(traced.plan.executed, await parts.tree, traced.identity);
  if (privileged.length === 0) return traced;
  work.streams.onEvent({
    kind: 'note',
    message: `the command executes ${privileged[0]}, which changes its rights: tracing once more, in the slower way that lets it`,
  });
  return await traceOnce(work, parts, false);
}

async function traceOnce(work: Work, parts: SourceParts, seccompFilter: boolean): Promise<Traced> {
  const { engine, request, streams, stages, folder } = work;
  const { source, toolbox, reader } = parts;
  const command = effectiveCommand(source.config, request.command, request.run.entrypoint);
  await using recorder = await recordOutput(folder, 'source');
  const run = await stages.run('trace', command.join(' '), async () => {
    const traced = await traceRun(engine, toolbox, reader, {
      image: source,
      command: request.command,
      options: request.run,
      seccompFilter,
      streams: {
        ...stdinOf(work, seccompFilter),
        async onOutput(chunk) {
          await recorder.write(chunk);
          await streams.onOutput(chunk);
        },
      },
    });
    return [traced, `exit status ${traced.exitStatus}`] as const;
  });
  try {
    const output = await recorder.finish();
    const { plan, summary } = await stages.run('keep', '', () => planRun(work, parts, run));
    const { exitStatus, seconds, identity } = run;
    return { outcome: { exitStatus, output }, exitStatus, seconds, identity, summary, plan };
  } finally {
    leave(work, run);
  }
}

/** The trace → what to keep. */
async function planRun({ request }: Work, { source, reader, tree }: SourceParts, run: TracedRun) {
  const trace = readAccesses(run.readTrace());
  let launched = false;
  const accesses = afterLaunch(trace, () => {
    launched = true;
  });
  const known = await tree;
  const plan = await planKeep([{ name: 'main', accesses }], toSourceImage(reader, known), {
    ...request.keep,
    needs: toNeeds(source),
  });
  if (!launched)
    throw notLaunched(effectiveCommand(source.config, request.command, request.run.entrypoint), run);
  checkTraceComplete(trace.summary, run.exitStatus);
  const detail = `${plan.kept.size} of ${known.size} entries`;
  return [{ plan, summary: trace.summary }, detail] as const;
}

function notLaunched(command: readonly string[], { complaint, exitStatus }: TracedRun): ShrinkError {
  const program = command[0] ?? '';
  if (/Permission denied/.test(complaint)) {
    return new ShrinkError('COMMAND_NOT_EXECUTABLE', `'${program}' may not be executed in the image`, {
      hint: 'Check its mode and the user of the run (--user).',
    });
  }
  if (/Exec format error/.test(complaint)) {
    return new ShrinkError('WRONG_ARCHITECTURE', `'${program}' is no program for this architecture`, {
      hint: 'It is a script without #!, or was built for another machine.',
    });
  }
  if (/No such file|not found/.test(complaint)) {
    return new ShrinkError('COMMAND_NOT_FOUND', `the image has no program '${program}'`, {
      hint: 'What follows IMAGE is the command: check its spelling; options of keepset come before IMAGE.',
    });
  }
  return new ShrinkError(
    'COMMAND_FAILED',
    `'${program}' could not be started (exit status ${exitStatus}): ${complaint.split('\n')[0] ?? ''}`,
  );
}

function requireSuccess({ request }: Work, { exitStatus }: Traced): void {
  if (exitStatus === 0 || request.allowFailure) return;
  throw new ShrinkError(
    'COMMAND_FAILED',
    `the command failed in the source image (exit status ${exitStatus}), so no image was made`,
    {
      hint: 'Mend the command, or use --allow-failure if it is meant to fail.',
    },
  );
}

interface BuildParts {
  readonly source: ImageDetails;
  readonly reader: ImageReader;
  readonly traced: Traced;
}

async function buildResult(work: Work, { source, reader, traced }: BuildParts): Promise<BuiltImage> {
  const { engine, request, stages, streams } = work;
  const paths = [...traced.plan.kept.keys()];
  return await stages.run('build', `${paths.length} entries`, async () => {
    const built = await buildImage(engine, reader, {
      source,
      paths,
      createdBy: `shrink ${request.version}`,
      comment: `from ${source.id}`,
      ...(request.created !== undefined && { created: request.created }),
      onBytes: (sizeBytes) =>
        streams.onEvent({ kind: 'stage-progress', stage: 'build', detail: megabytes(sizeBytes) }),
    });
    return [built, megabytes(built.layerBytes)] as const;
  });
}

async function verifyResult(work: Work, id: string, traced: Traced): Promise<void> {
  const { stages } = work;
  const differences = await stages.run('verify', '', async () => {
    const found = await compareRuns(traced.outcome, await runResult(work, id));
    return [found, found.length === 0 ? 'same output' : 'different'] as const;
  });
  if (differences.length === 0) return;
  throw new ShrinkError(
    'VERIFICATION_FAILED',
    `the result does not behave as the source: ${differences.map(printDifference).join('; ')}`,
    {
      hint: 'It was not named. If the output differs on every run (times, random names), make it repeatable, or use --no-verify.',
    },
  );
}

async function runResult(work: Work, id: string): Promise<RunOutcome> {
  const { engine, request, folder } = work;
  await using recorder = await recordOutput(folder, 'result');
  const config = toContainerConfig(id, request.command, request.run);
  await using container = await engine.createContainer(config, 'verify');
  try {
    const exitStatus = await runContainer(container, config, {
      ...stdinOf(work, false),
      onOutput: recorder.write,
    });
    return { exitStatus, output: await recorder.finish() };
  } catch (error) {
    const output = await recorder.finish();
    if (
      !(error instanceof EngineError) ||
      error.code === 'INTERRUPTED' ||
      error.code === 'ENGINE_UNREACHABLE'
    )
      throw error;
    return { exitStatus: undefined, failure: error.message, output };
  }
}

/** The first run reads the caller's standard input and keeps a copy; every further one gets the copy. */
function stdinOf({ folder, streams, request }: Work, first: boolean): { stdin?: AsyncIterable<Uint8Array> } {
  if (!request.run.interactive) return {};
  const file = join(folder, 'stdin');
  return { stdin: first ? tee(streams.stdin, file) : createReadStream(file) };
}

async function* tee(chunks: AsyncIterable<Uint8Array> | undefined, file: string): AsyncGenerator<Uint8Array> {
  const copy = createWriteStream(file);
  try {
    for await (const chunk of chunks ?? []) {
      copy.write(chunk);
      yield chunk;
    }
  } finally {
    await pipeline(Readable.from([]), copy);
  }
}

function printDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'not-started':
      return `it could not be started (${difference.reason})`;
    case 'exit-status':
      return `exit status ${difference.result} instead of ${difference.source}`;
    case 'output': {
      const name = difference.stream === 'stdout' ? 'standard output' : 'standard error';
      const [source, result] = [difference.source, difference.result].map((line) =>
        line === undefined ? 'its end' : JSON.stringify(line.slice(0, 100)),
      );
      return `line ${difference.line} of ${name} is ${result} instead of ${source}`;
    }
  }
}

interface ResultParts {
  readonly source: ImageDetails;
  readonly traced: Traced;
  readonly built: BuiltImage;
  readonly tree: ImageTree;
  readonly resultBytes: number;
  readonly verified: boolean;
}

function toResult({ engine, request, stages }: Work, parts: ResultParts): ShrinkResult {
  const { source, traced, built, tree, resultBytes, verified } = parts;
  const { stdout, stderr } = traced.outcome.output;
  const { uid, gid, supplementaryGids } = traced.identity;
  return {
    id: built.id,
    sourceBytes: source.sizeBytes,
    resultBytes,
    keptFiles: traced.plan.kept.size,
    sourceFiles: tree.size,
    exitStatus: traced.exitStatus,
    runSeconds: traced.seconds,
    verified,
    stages: stages.seconds,
    keepList: formatKeepList(traced.plan.kept.values()),
    manifest: {
      tool: { name: 'keepset', version: request.version },
      platform: { os: engine.details.os, architecture: source.architecture },
      source: {
        reference: request.image,
        id: source.id,
        repositoryDigests: source.repositoryDigests,
        sizeBytes: source.sizeBytes,
      },
      result: { reference: request.tags[0], id: built.id, layerDigest: built.diffId, sizeBytes: resultBytes },
      runs: [
        {
          name: 'main',
          command: effectiveCommand(source.config, request.command, request.run.entrypoint),
          user: { uid, gid, supplementaryGids },
          exitStatus: traced.exitStatus,
          stdout: { sha256: stdout.sha256, sizeBytes: stdout.sizeBytes },
          stderr: { sha256: stderr.sha256, sizeBytes: stderr.sizeBytes },
          traceLines: traced.summary.lines,
        },
      ],
      verified,
      plan: traced.plan,
      tree,
    },
  };
}

function megabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1e6).toFixed(1)} MB`;
}
