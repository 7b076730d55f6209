import { AsyncDisposableStack, type Engine, parseTagReference } from '@keepset/docker-engine';
import type { Hardening } from '@keepset/hardening';
import type { ImageSource } from '@keepset/image-source';
import type { Inventory } from '@keepset/inventory';
import { parseKeepList, parsePathPattern, planLocked } from '@keepset/keep-planner';
import { addLacking } from './add-lacking.js';
import { attachStatements, type StatementOptions } from './attach-statements.js';
import { UNTRACED_CALLS } from './harden/harden-result.js';
import { observeRuns } from './harden/observe-run.js';
import { type Hardener, type HardenOptions, openHardener } from './harden/open-hardener.js';
import { findSigns, requireEnough } from './plan/require-enough.js';
import { type PlannedRuns, runAllPlainly, traceAll } from './plan/trace-all.js';
import { createProgress, type Progress } from './progress.js';
import { type HeldOutRun, judgeHeldOut, requireHeldOut } from './proof/held-out.js';
import type { JudgedRun } from './proof/judge-all.js';
import { openJudges } from './proof/open-judges.js';
import {
  type Proof,
  type ProofOptions,
  type ProofSteps,
  proveResult,
  unverified,
} from './proof/prove-result.js';
import { type OpenedReferences, openReferences, ownReferences } from './proof/references.js';
import { requireWhole } from './proof/require-whole.js';
import { type BuildOptions, createResultBuilder, type ResultBuilder } from './publish/build-result.js';
import { checkPublication, pushNames } from './publish/publish-result.js';
import { type PublishedShrunk, publishShrunk, type ShrunkPublication } from './publish/publish-shrunk.js';
import { holdMounts, type MountOptions } from './run/hold-mounts.js';
import { checkRuns, type Run } from './run/run.js';
import { createRunner, type Runner } from './run/runner.js';
import { shareInput } from './run/shared-input.js';
import { openScratchFolder } from './scratch-folder.js';
import { ShrinkError } from './shrink-error.js';
import { shrinkGiven } from './shrink-given.js';
import { type ShrinkResult, toResult } from './shrink-result.js';
import { inventoryWhenListed, warnOfDatabases } from './source/inventory-image.js';
import { openSource, type Source, type SourceOptions } from './source/open-source.js';
import {
  findTracedSource,
  type LackingRuns,
  type OpenedTraces,
  openTraces,
  replayAll,
  type TraceFiles,
} from './trace-file/replay.js';
import { allRuns, checkTraceOptions, type ShrinkStreams, type TraceOptions } from './trace-options.js';

/** All that a shrink can be told: source, runs, what to keep, how to verify, where the result goes. */
export interface ShrinkOptions
  extends Omit<TraceOptions, 'image'>,
    ShrunkPublication,
    StatementOptions,
    Omit<BuildOptions, 'keep'>,
    ProofOptions,
    MountOptions {
  /** Name or id of the source. Default: with `from`, the image that was traced. */
  readonly image?: string;
  /**
   * The source, where it is not an engine's: nothing can be run in it, so it goes with `locked` or `from`, and without
   * verification. It stays the caller's. Default: the engine's `image`.
   */
  readonly source?: ImageSource;
  /** The text of a keep list that was made before: build exactly this, without tracing. `keep` has no part in it. */
  readonly locked?: string;
  /** Files of `traceToFile`: the runs in them take the place of all others, and are not run again. */
  readonly from?: TraceFiles;
  /** Runs that are not traced, and must do the same in the result. Default none. */
  readonly checks?: readonly Run[];
  /** Whether checks that fail only warn. Default false. */
  readonly checksAdvise?: boolean;
  /** Refuse to build where signs show that the run was too little. Default false: they are in the result. */
  readonly strict?: boolean;
  /** Run the command in the result and compare, before it gets its name. Default true. */
  readonly verify?: boolean;
  /**
   * Find the least rights under which the result still does the same: with runs that are traced now, and references of their
   * own. Default: nobody asks.
   */
  readonly harden?: HardenOptions;
}

/**
 * Shrink an image to what its runs use: prepare, plan, prove, publish. The name moves only once the result is verified;
 * whatever happens, nothing else is left at the engine.
 *
 * @param engine  undefined, with a `source` and outputs: none is needed, and the id is the same
 * @throws ShrinkError  COMMAND_FAILED, COMMAND_NOT_FOUND, VERIFICATION_FAILED, …
 * @throws EngineError, ToolboxError, TracerError, BuildError, PlanError
 * @example
 * const runs = [{ name: 'main', command: ['cat', '/etc/debian_version'] }];
 * const options = { image: 'debian:12', runs, tags: ['example:small'], version: '1' };
 * const { verified } = await shrink(engine, options, { onOutput() {}, onEvent() {} });
 * verified // true
 */
export async function shrink(
  engine: Engine | undefined,
  options: ShrinkOptions,
  streams: ShrinkStreams,
): Promise<ShrinkResult> {
  checkOptions(options);
  const { source: given } = options;
  if (given !== undefined) return await shrinkGiven(engine, given, options, streams);
  if (engine === undefined)
    throw new ShrinkError('NO_ENGINE', 'the source is an engine’s, and there is none');
  const progress = createProgress(streams.onEvent);
  const opened = new AsyncDisposableStack();
  await using _cleanUp = {
    [Symbol.asyncDispose]: () =>
      progress.count('clean-up', 'what the shrink needed is removed', () => opened.disposeAsync()),
  };
  const scratch = opened.use(await openScratchFolder());
  const folder = scratch.path;

  const isVerified = options.verify !== false;
  const saved = options.from && (await openTraces(options.from, { folder, progress, isVerified }));
  if (saved !== undefined) await findTracedSource(engine, options.image, saved);
  const source = opened.use(await openSource(engine, sourceOf(options, saved), progress));
  const mounts = opened.use(await holdMounts(engine, source, options, progress));
  const onLeftFiles = (count: number) => progress.report('verify', `${count} written files read`);
  const place = { engine, source, input: shareInput(streams.stdin, folder), folder, onLeftFiles };
  const runner = createRunner({ ...place, engine: mounts.engine }, options.writeMounts ? place : undefined);
  const inventory = inventoryWhenListed(source, options);

  const opening = opened.use(openReferencesOf(source, runner, options));
  const planned = opened.use(
    await planRuns(source, runner, options, { saved, streams, progress, references: opening }),
  );
  const references = opening?.start(planned.runs) ?? ownReferences();
  const { judged } = opened.use(await openJudges(isVerified ? planned.runs : [], references, options));
  const hardener =
    options.harden && opened.use(hardenerOf(engine, source, planned, judged, { options, runner, progress }));
  const signs = await progress.count('keep', 'signs that the run was too little', () =>
    findSigns(source, planned.runs, planned.plan),
  );
  if (options.strict) requireEnough(signs);
  if (inventory !== undefined) warnOfDatabases(progress, await inventory);

  const builder = createResultBuilder(engine, source, options, { inventory, folder, progress });
  const steps = {
    runner,
    builder,
    keep: options.keep ?? {},
    progress,
    ...(hardener && { beside: hardener }),
  };
  const proof = await prove(source, { ...planned, judged, lacking: saved?.lacking ?? [] }, options, steps);

  const published = await publish(engine, source, proof, options, {
    ...steps,
    planned,
    hardener,
    inventory,
    folder,
  });
  return await toResult(source, options, { planned, signs, proof, published, inventory, progress });
}

/** What cannot be understood must not be found out after a long run. */
function checkOptions(options: ShrinkOptions): void {
  checkPublication(options);
  if (options.remainder !== undefined) parseTagReference(options.remainder);
  for (const pattern of options.ignoreFiles ?? []) parsePathPattern(pattern);
  checkTraceOptions(options);
  checkRuns(options.checks ?? []);
  if (options.locked !== undefined) parseKeepList(options.locked);
  if (options.harden !== undefined) requireTraced(options);
}

/** @throws ShrinkError HARDENING_UNTRACED */
function requireTraced({ source, locked, from, reference, verify = true }: ShrinkOptions): void {
  if (source === undefined && locked === undefined && from === undefined && reference !== 'traced' && verify)
    return;
  throw new ShrinkError(
    'HARDENING_UNTRACED',
    'the rights that a result needs are found by runs that are traced now, and verified by others',
    { hint: 'Shrink an image of an engine by its runs, with verification, and references without a tracer.' },
  );
}

/** A run that is to be traced must not be slowed by the listing. */
function sourceOf(
  { image, platform, toolbox, locked }: ShrinkOptions,
  saved: OpenedTraces | undefined,
): SourceOptions {
  const reference = image ?? saved?.source.reference ?? '';
  const inBackground = locked === undefined && saved === undefined;
  return { reference, ...(saved && { id: saved.source.id }), platform, toolbox, inBackground };
}

interface PlanSteps {
  readonly saved: OpenedTraces | undefined;
  /** Undefined: there are none but the runs themselves. */
  readonly references: OpenedReferences | undefined;
  readonly streams: ShrinkStreams;
  readonly progress: Progress;
}

/** What is to be kept: by a list that was made before, by runs that were traced before, or by runs that are traced now. */
async function planRuns(
  source: Source,
  runner: Runner,
  options: ShrinkOptions,
  { saved, references, streams: { onOutput }, progress }: PlanSteps,
): Promise<PlannedRuns> {
  const { keep = {}, locked, jobs = 1, traceTwice: twice = false, verify = true } = options;
  if (saved !== undefined) return await replayAll(source, saved.runs, { keep, progress });
  const runs = allRuns(options, source);
  if (locked === undefined)
    return await traceAll(source, runner, runs, {
      keep,
      jobs,
      twice,
      ...(options.harden !== undefined && { allCallsBut: UNTRACED_CALLS }),
      onOutput,
      // Of several at a time, the machine is full.
      ...(references !== undefined &&
        jobs === 1 && { onStarted: references.begin, onEnded: references.goOn }),
      progress,
    });
  const plan = planLocked(parseKeepList(locked), await source.tree());
  return { ...(await runAllPlainly(source, runner, verify ? runs : [], { onOutput, progress })), plan };
}

/** What results are held against: runs of their own without a tracer, unless there are such already. */
function openReferencesOf(
  source: Source,
  runner: Runner,
  options: ShrinkOptions,
): OpenedReferences | undefined {
  const { verify = true, from, locked, reference = 'untraced' } = options;
  const areThere = from !== undefined || locked !== undefined || reference === 'traced';
  return verify && !areThere ? openReferences(source, runner, options) : undefined;
}

/** Build the result, and verify it unless nobody wants that. A locked keep list is built as it is. */
async function prove(
  source: Source,
  {
    plan,
    judged,
    lacking,
  }: Pick<PlannedRuns, 'plan'> & {
    readonly judged: readonly JudgedRun[];
    readonly lacking: readonly LackingRuns[];
  },
  options: ShrinkOptions,
  steps: ProofSteps,
): Promise<Proof> {
  if (options.verify === false) {
    const whole = await addLacking(source, { plan }, lacking, steps);
    return { ...unverified(whole.plan, await steps.builder.build(whole.plan), steps.keep), ...whole };
  }
  const { locked, repairRounds = locked === undefined ? undefined : 0 } = options;
  return await proveResult(
    source,
    { plan },
    judged,
    { ...options, ...(repairRounds !== undefined && { repairRounds }) },
    steps,
  );
}

interface PublishSteps extends ProofSteps {
  readonly planned: PlannedRuns;
  /** Where rights are wanted. */
  readonly hardener: Hardener | undefined;
  readonly inventory: Promise<Inventory> | undefined;
  readonly folder: string;
}

/** What became of a verified result. */
export interface PublishedResult extends PublishedShrunk {
  readonly heldOut: readonly HeldOutRun[];
  /** Where somebody asked for it. */
  readonly hardening: Hardening | undefined;
}

/** Run the checks, name the result, take it where it is wanted. Before it has its names, a failure removes it. */
async function publish(
  engine: Engine,
  source: Source,
  proof: Proof,
  options: ShrinkOptions,
  { inventory, folder, planned, hardener, ...steps }: PublishSteps,
): Promise<PublishedResult> {
  const { progress, builder } = steps;
  await using undo = new AsyncDisposableStack();
  undo.defer(() => builder.discard(proof.result));
  undo.defer(async () => await hardener?.end());
  warnOfDatabases(progress, proof.result);
  if (options.strict) requireWhole(proof.verification);
  const heldOut = await judgeHeldOut(source, proof, options.checks ?? [], options, steps);
  if (!options.checksAdvise) requireHeldOut(heldOut);
  const hardening = hardener && (await harden(proof, hardener, options.tags, builder));
  const said = { planned, proof, inventory, heldOut, hardening, folder };
  const attach = attachStatements(source, options, said);
  const wanted = { ...options, ...(attach && { attach }) };
  const published = await publishShrunk(engine, source, proof.result, wanted, {
    inventory,
    folder,
    progress,
  });
  undo.move();
  const { image, publication, pushed } = published;
  const named = await pushNames(engine, image, publication, progress);
  return { ...published, heldOut, hardening, pushed: [...named, ...pushed] };
}

async function harden(
  { result }: Proof,
  hardener: Hardener,
  [tag]: readonly string[],
  builder: ResultBuilder,
): Promise<Hardening> {
  const image = await builder.inspect(result);
  if (image === undefined) throw new ShrinkError('SOURCE_GONE', 'the result is no longer at the engine');
  const { kept } = result.plan;
  const stubs = [...kept.values()].filter(({ stub }) => stub);
  const rewritten = new Set<string>([...result.generated, ...stubs].map(({ path }) => path));
  return await hardener.find({ image, name: tag ?? image.id, kept, used: kept, rewritten });
}

interface HardenerParts {
  readonly options: Pick<ShrinkOptions, 'harden'>;
  readonly runner: Runner;
  readonly progress: Progress;
}

function hardenerOf(
  engine: Engine,
  source: Source,
  { runs, plan }: PlannedRuns,
  judged: readonly JudgedRun[],
  { options: { harden }, runner, progress }: HardenerParts,
): Hardener {
  const request = { ...harden, judged, executed: plan.executed, observing: observeRuns(runs) };
  return openHardener(source, request, { runner, progress, engine });
}
