import type { Engine } from '@keepset/docker-engine';
import type { KeepPlan, KeptPath } from '@keepset/keep-planner';
import { openImageReader } from '@keepset/toolbox';
import { findMissing } from './find-missing.js';
import { type MissingPath, nameOwners } from './missing-path.js';
import { openSource } from './open-source.js';
import { runIn } from './run-in.js';
import { mainRun, scopeRun } from './run-scope.js';
import { findSource, readTree } from './source-image.js';
import { beginWork, type ShrinkStreams, type SourceRequest } from './work.js';

export interface DiagnoseRequest extends Pick<SourceRequest, 'command' | 'run' | 'toolbox'> {
  /** The result, in which the command fails. */
  readonly image: string;
  /** What it was made of. */
  readonly source: string;
}

export interface Diagnosis {
  /** In the result; undefined: it could not even be started, for this reason. */
  readonly exitStatus: number | undefined;
  readonly failure?: string;
  /** What it asked for in vain, and the source has; sorted. */
  readonly missing: readonly MissingPath[];
}

/**
 * Run a command in a result that may lack something, and tell what of the source it asks for in vain. Nothing is made.
 *
 * @throws EngineError IMAGE_NOT_FOUND; ShrinkError; ToolboxError; TracerError
 */
export async function diagnose(
  engine: Engine,
  { image, source: reference, ...request }: DiagnoseRequest,
  streams: ShrinkStreams,
): Promise<Diagnosis> {
  await using work = await beginWork(engine, { ...request, image: reference }, streams);
  const result = await findSource(engine, image, request.run.platform, () => {});
  await using source = await openSource(work, { inBackground: false });
  const scope = scopeRun(work, source, mainRun(work.request));
  const run = await work.stages.run('run', scope.source.command.join(' '), async () => {
    const ended = await runIn(scope, result.id, {
      name: 'doctor',
      first: true,
      onOutput: streams.onOutput,
    });
    return [
      ended,
      ended.exitStatus === undefined ? 'not started' : `exit status ${ended.exitStatus}`,
    ] as const;
  });
  const { exitStatus, failure } = run;
  const ending = { exitStatus, ...(failure !== undefined && { failure: failure.message }) };
  const proven = { ...scope, run: { ...run, exitStatus: exitStatus ?? -1 } };
  const plan = await planOfResult(engine, result, source);
  const missing = await work.stages.run('trace', '', async () => {
    const found = await findMissing(proven, result.id, { plan, name: 'doctor', policies: ['drop'] });
    return [found, `${found?.paths.length ?? 0} entries missing`] as const;
  });
  return { ...ending, missing: missing === undefined ? [] : await nameOwners(source, missing.paths) };
}

/** What the result has, as if a plan had said so. */
async function planOfResult(
  engine: Engine,
  result: Awaited<ReturnType<typeof findSource>>,
  { toolbox }: Awaited<ReturnType<typeof openSource>>,
): Promise<KeepPlan> {
  await using reader = await openImageReader(engine, result, toolbox, { inBackground: false });
  const tree = await readTree(reader);
  const kept = new Map(
    [...tree.entries()].map(({ path }): [typeof path, KeptPath] => [path, { path, reasons: [] }]),
  );
  return { kept, executed: [], listed: [], warnings: [] };
}
