import { AsyncDisposableStack, type Engine } from '@keepset/docker-engine';
import type { RunOutcome } from '@keepset/run-comparison';
import type { ToolboxOptions } from '@keepset/toolbox';
import { createProgress } from './progress.js';
import { type EndedRun, toOutcome } from './run/ended-run.js';
import { holdMounts } from './run/hold-mounts.js';
import { checkRuns, commandOf, type Run } from './run/run.js';
import { createRunner } from './run/runner.js';
import { shareInput } from './run/shared-input.js';
import { openScratchFolder } from './scratch-folder.js';
import { openSource } from './source/open-source.js';
import type { ShrinkStreams } from './trace-options.js';

/** Which runs of which image. */
export interface SampleOptions {
  /** Name or id. */
  readonly image: string;
  readonly runs: readonly Run[];
  readonly toolbox?: ToolboxOptions;
}

/**
 * Run commands in an image as `docker run` would, as often as it is asked for, each time in a container of its own and
 * with copies of its mounts.
 *
 * @param use  is given each run in turn, and a way to run it once more; what a run left can be read until it is done
 * @throws EngineError IMAGE_NOT_FOUND, …; ShrinkError COMMAND_MISSING; ToolboxError
 * @example
 * const runs = [{ name: 'main', command: ['cat', '/etc/debian_version'] }];
 * const statuses = [];
 * await sampleRuns(engine, { image: 'debian:12', runs }, { onEvent() {} }, async (_, sample) => {
 *   statuses.push((await sample()).exitStatus);
 * });
 * statuses // [0]
 */
export async function sampleRuns(
  engine: Engine,
  { image: reference, runs, toolbox }: SampleOptions,
  { onEvent }: Pick<ShrinkStreams, 'onEvent'>,
  use: (run: Run, sample: () => Promise<RunOutcome>) => Promise<void>,
): Promise<void> {
  checkRuns(runs);
  const progress = createProgress(onEvent);
  await using scratch = await openScratchFolder();
  await using source = await openSource(engine, { reference, toolbox }, progress);
  await using mounts = await holdMounts(engine, source, {}, progress);
  const input = shareInput(undefined, scratch.path);
  const runner = createRunner({ engine: mounts.engine, source, input, folder: scratch.path });
  for (const run of runs) {
    commandOf(run, source);
    await using ended = new AsyncDisposableStack();
    await progress.stage('run', run.name, async () => {
      await use(run, async () => await leftBy(ended.use(await runner.run(run, source.image.id, ROLE))));
      return [undefined, run.name] as const;
    });
  }
}

const ROLE = { role: 'sample' } as const;

/** With its files, but for those that a volume has of the image. */
async function leftBy(ended: EndedRun): Promise<RunOutcome> {
  const files = await ended.left.read(await ended.left.written());
  const own = [...files].filter(([, { isOfImage = false }]) => !isOfImage);
  return { ...toOutcome(ended), files: new Map(own) };
}
