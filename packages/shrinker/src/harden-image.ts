import { AsyncDisposableStack, type Engine } from '@keepset/docker-engine';
import type { Hardening } from '@keepset/hardening';
import { UNTRACED_CALLS } from './harden/harden-result.js';
import { observeRuns } from './harden/observe-run.js';
import { type HardenOptions, openHardener } from './harden/open-hardener.js';
import { traceAll } from './plan/trace-all.js';
import { createProgress } from './progress.js';
import type { CompareOptions } from './proof/judge.js';
import { openJudges } from './proof/open-judges.js';
import { openReferences, type ReferenceOptions } from './proof/references.js';
import { holdMounts, type MountOptions } from './run/hold-mounts.js';
import { createRunner } from './run/runner.js';
import { shareInput } from './run/shared-input.js';
import { openScratchFolder } from './scratch-folder.js';
import { openSource } from './source/open-source.js';
import { allRuns, checkTraceOptions, type ShrinkStreams, type TraceOptions } from './trace-options.js';

/** Which image, which runs of it, and how they are compared. */
export interface HardenImageOptions
  extends Omit<TraceOptions, 'keep'>,
    HardenOptions,
    CompareOptions,
    ReferenceOptions,
    MountOptions {}

/**
 * Find the least rights under which an image still does the same, as it is: no image is made.
 *
 * @throws ShrinkError HARDENING_FAILED, COMMAND_FAILED, …; EngineError; ToolboxError; TracerError
 * @example
 * const runs = [{ name: 'main', command: ['cat', '/etc/debian_version'] }];
 * const streams = { onOutput() {}, onEvent() {} };
 * (await hardenImage(engine, { image: 'debian:12', runs }, streams)).capabilities // []
 */
export async function hardenImage(
  engine: Engine,
  options: HardenImageOptions,
  { onOutput, onEvent, stdin }: ShrinkStreams,
): Promise<Hardening> {
  checkTraceOptions(options);
  const { image: reference, platform, toolbox, jobs = 1, traceTwice: twice = false } = options;
  const progress = createProgress(onEvent);
  await using opened = new AsyncDisposableStack();
  const { path: folder } = opened.use(await openScratchFolder());
  const inBackground = true;
  const source = opened.use(
    await openSource(engine, { reference, platform, toolbox, inBackground }, progress),
  );
  const mounts = opened.use(await holdMounts(engine, source, options, progress));
  const place = { engine: mounts.engine, source, input: shareInput(stdin, folder), folder };
  const runner = createRunner(place, options.writeMounts ? { ...place, engine } : undefined);

  const tracing = { keep: {}, jobs, twice, allCallsBut: UNTRACED_CALLS, onOutput, progress };
  const { runs, plan } = opened.use(await traceAll(source, runner, allRuns(options, source), tracing));
  const references = opened.use(openReferences(source, runner, options)).start(runs);
  const { judged } = opened.use(await openJudges(runs, references, options));
  const { executed, kept: used } = plan;
  const request = { ...options, judged, executed, observing: observeRuns(runs) };
  const hardener = opened.use(openHardener(source, request, { runner, progress, engine }));
  const kept = new Set([...(await source.tree()).entries()].map(({ path }) => path));
  return await hardener.find({ image: source.image, name: reference, kept, used });
}
