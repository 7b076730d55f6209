import type { Engine, RunOptions } from '@keepset/docker-engine';
import type { KeepPlan, KeptPath } from '@keepset/keep-planner';
import type { ToolboxOptions } from '@keepset/toolbox';
import { createProgress } from './progress.js';
import { findMissing } from './proof/find-missing.js';
import { type MissingPath, nameOwners } from './proof/missing-path.js';
import { holdMounts } from './run/hold-mounts.js';
import { checkRuns, commandOf, MAIN } from './run/run.js';
import { createRunner } from './run/runner.js';
import { shareInput } from './run/shared-input.js';
import { openScratchFolder } from './scratch-folder.js';
import { openSource } from './source/open-source.js';
import type { ShrinkStreams } from './trace-options.js';

/** A command that fails in a result. */
export interface DiagnoseOptions {
  /** The result, in which the command fails. */
  readonly image: string;
  /** What it was made of. */
  readonly source: string;
  /** As it follows IMAGE; empty: the image's own. */
  readonly command: readonly string[];
  /** Options of docker run. Default none. */
  readonly options?: RunOptions;
  readonly toolbox?: ToolboxOptions;
}

/** What a command lacks in a result. */
export interface Diagnosis {
  /** In the result; undefined: it could not even be started, for this reason. */
  readonly exitStatus: number | undefined;
  readonly failure?: string;
  /** What it asked for in vain, and the source has; sorted. */
  readonly missing: readonly MissingPath[];
}

/**
 * Run a command in a result that may lack something, and find what of the source it asks for in vain. Nothing is made.
 *
 * @throws EngineError IMAGE_NOT_FOUND; ShrinkError; ToolboxError; TracerError
 * @example
 * const streams = { onOutput() {}, onEvent() {} };
 * const { exitStatus } = await diagnose(engine, { image: 'debian:12', source: 'debian:12', command: ['true'] }, streams);
 * exitStatus // 0
 */
export async function diagnose(
  engine: Engine,
  { image, source: reference, command, options = {}, toolbox }: DiagnoseOptions,
  { onOutput, onEvent, stdin }: ShrinkStreams,
): Promise<Diagnosis> {
  const run = { name: MAIN, command, options };
  checkRuns([run]);
  const { platform } = options;
  const progress = createProgress(onEvent);
  await using scratch = await openScratchFolder();
  await using result = await openSource(engine, { reference: image, platform, toolbox }, progress);
  await using source = await openSource(engine, { reference, platform, toolbox }, progress);
  const input = shareInput(stdin, scratch.path);
  await using mounts = await holdMounts(engine, source, {}, progress);
  const runner = createRunner({ engine: mounts.engine, source, input, folder: scratch.path });
  const ending = await progress.stage('run', commandOf(run, source).join(' '), async () => {
    await using ended = await runner.run(run, result.image.id, { role: 'doctor', onOutput });
    const { exitStatus, failure } = ended;
    const detail = exitStatus === undefined ? 'not started' : `exit status ${exitStatus}`;
    return [{ exitStatus, ...(failure !== undefined && { failure: failure.message }) }, detail] as const;
  });
  const plan = toPlan([...(await result.tree()).entries()].map(({ path }) => path));
  const missing = await progress.stage('trace', '', async () => {
    const asked = { plan, keep: {}, name: 'doctor', listed: 'keep' } as const;
    const found = await findMissing(source, runner, run, result.image, asked);
    return [found, `${found?.paths.length ?? 0} entries missing`] as const;
  });
  return { ...ending, missing: missing === undefined ? [] : await nameOwners(source, missing.paths) };
}

/** What the result has, as if a plan had said so. */
function toPlan(paths: readonly KeptPath['path'][]): KeepPlan {
  const kept = new Map(paths.map((path): [typeof path, KeptPath] => [path, { path, reasons: [] }]));
  return { kept, executed: [], listed: [], warnings: [] };
}
