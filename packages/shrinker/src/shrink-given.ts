import { AsyncDisposableStack, type Engine } from '@keepset/docker-engine';
import type { ImageSource } from '@keepset/image-source';
import { parseKeepList, planLocked } from '@keepset/keep-planner';
import { attachStatements } from './attach-statements.js';
import { findSigns, requireEnough } from './plan/require-enough.js';
import type { PlannedRuns } from './plan/trace-all.js';
import { createProgress } from './progress.js';
import { unverified } from './proof/prove-result.js';
import { createResultBuilder } from './publish/build-result.js';
import { pushNames } from './publish/publish-result.js';
import { publishShrunk } from './publish/publish-shrunk.js';
import { openScratchFolder } from './scratch-folder.js';
import type { ShrinkOptions } from './shrink.js';
import { ShrinkError } from './shrink-error.js';
import { type ShrinkResult, toResult } from './shrink-result.js';
import { inventoryWhenListed, warnOfDatabases } from './source/inventory-image.js';
import { openReadSource, requirePlace } from './source/open-read-source.js';
import { openTraces, replayAll, requireSame } from './trace-file/replay.js';
import type { ShrinkStreams } from './trace-options.js';

/**
 * Shrink an image that no engine has: by a keep list or by traces that were made before. Nothing is run.
 *
 * @param engine  takes the result; undefined: it goes to its outputs alone
 * @throws ShrinkError NOT_RUN, NO_ENGINE; SOURCES_DIFFER, TRACE_FILE_INVALID, …; SourceError, BuildError, PlanError
 */
export async function shrinkGiven(
  engine: Engine | undefined,
  given: ImageSource,
  options: ShrinkOptions,
  streams: Pick<ShrinkStreams, 'onEvent'>,
): Promise<ShrinkResult> {
  const { image: reference = given.id, from, locked, keep = {}, strict = false } = options;
  requireNoRun(reference, options);
  requirePlace(engine, options);
  const progress = createProgress(streams.onEvent);
  await using opened = new AsyncDisposableStack();
  const { path: folder } = opened.use(await openScratchFolder());
  const saved = from && (await openTraces(from, { folder, progress, isVerified: false }));
  if (saved !== undefined) requireSame(given, reference, saved.source);
  const source = opened.use(await openReadSource(engine, { source: given, reference }, progress));
  const inventory = inventoryWhenListed(source, options);

  const planned: PlannedRuns =
    saved === undefined
      ? { ...NO_RUNS, plan: planLocked(parseKeepList(locked ?? ''), await source.tree()) }
      : opened.use(await replayAll(source, saved.runs, { keep, progress }));
  const signs = await findSigns(source, planned.runs, planned.plan);
  if (strict) requireEnough(signs);
  if (inventory !== undefined) warnOfDatabases(progress, await inventory);

  const builder = createResultBuilder(engine, source, options, { inventory, folder, progress });
  const proof = unverified(planned.plan, await builder.build(planned.plan), keep);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => builder.discard(proof.result));
  warnOfDatabases(progress, proof.result);
  const attach = attachStatements(source, options, {
    planned,
    proof,
    inventory,
    heldOut: [],
    hardening: undefined,
    folder,
  });
  const publication = { ...options, ...(attach && { attach }) };
  const named = await publishShrunk(engine, source, proof.result, publication, {
    inventory,
    folder,
    progress,
  });
  undo.move();
  const pushed = await pushNames(engine, named.image, named.publication, progress);
  const published = { ...named, pushed, heldOut: [], hardening: undefined };
  return await toResult(source, options, { planned, signs, proof, published, inventory, progress });
}

const NO_RUNS: Omit<PlannedRuns, 'plan'> = { runs: [], async [Symbol.asyncDispose]() {} };

/** @throws ShrinkError NOT_RUN  something is to be run, and no engine has the image */
function requireNoRun(reference: string, { from, locked, verify = true, checks = [] }: ShrinkOptions): void {
  const refuse = (wanted: 'command' | 'proof' | 'checks', why: string, hint: string) =>
    new ShrinkError('NOT_RUN', `'${reference}' is in no engine, so ${why}`, {
      facts: { wanted },
      hint: `${hint}, or load it into an engine, and name it there.`,
    });
  if (from === undefined && locked === undefined)
    throw refuse('command', 'no command can be traced in it', 'Give a keep list or a trace');
  if (checks.length > 0) throw refuse('checks', 'no check can be run in it', 'Leave out the checks');
  if (verify) throw refuse('proof', 'the result cannot be held against it', 'Set `verify` to false');
}
