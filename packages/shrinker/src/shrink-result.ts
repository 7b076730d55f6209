import type { Hardening } from '@keepset/hardening';
import type { BuiltImage } from '@keepset/image-builder';
import type { Inventory } from '@keepset/inventory';
import { formatKeepList, type ListedPolicy, parseKeepList } from '@keepset/keep-planner';
import type {
  Manifest,
  ManifestCheck,
  ManifestProcess,
  ManifestRun,
  ManifestService,
  Repair,
  Verification,
} from '@keepset/manifest';
import { printPath, type TracedProcess } from '@keepset/strace-parser';
import type { OverShrinkSign } from './plan/signs/over-shrink-sign.js';
import type { PlannedRuns } from './plan/trace-all.js';
import type { Progress, StageSeconds } from './progress.js';
import type { HeldOutRun } from './proof/held-out.js';
import type { Proof } from './proof/prove-result.js';
import { keptBytes } from './publish/kept-bytes.js';
import { digestOfPushed } from './publish/publish-result.js';
import { outputDigests } from './run/record-output.js';
import type { Run } from './run/run.js';
import { type SavedService, saveService } from './run/saved-service.js';
import type { SourceRun } from './run/source-run.js';
import type { PublishedResult, ShrinkOptions } from './shrink.js';
import type { ReadSource } from './source/open-source.js';

/** What a shrink made, and how far it is verified. */
export interface ShrinkResult {
  readonly id: string;
  /** sha256:… by which a registry knows it, when it went out as an OCI image. */
  readonly manifestDigest: string | undefined;
  readonly sourceBytes: number;
  readonly resultBytes: number;
  /** Of the source, that are in the result: as many as the manifest has kept. */
  readonly keptEntries: number;
  /** In the result besides: what tells scanners of its packages. */
  readonly generatedEntries: number;
  readonly sourceEntries: number;
  /** Of the (first) run in the source; undefined when there was none (a locked keep list, not verified). */
  readonly exitStatus: number | undefined;
  /** Wall clock of all runs in the source, without their containers' creation. */
  readonly runSeconds: number | undefined;
  /** Whether all that the source determines was compared, and is the same: see `verification`. */
  readonly verified: boolean;
  /** That the run may have been too little. */
  readonly signs: readonly OverShrinkSign[];
  /** How commands did that had no part in making the result. */
  readonly heldOut: readonly HeldOutRun[];
  /** What became of the other entries of directories that were listed. */
  readonly listed: ListedPolicy;
  /** What the trace had not shown, and the result needed. */
  readonly repairs: readonly Repair[];
  /** What was compared, how, and what was not. */
  readonly verification: Verification;
  /** Of the source; empty where its package databases were not read. */
  readonly packageNames: ReadonlySet<string>;
  readonly stages: readonly StageSeconds[];
  /** The text of keep.txt. */
  readonly keepList: string;
  /** The least rights under which it does the same, where somebody asked for them. */
  readonly hardening: Hardening | undefined;
  readonly manifest: Manifest;
}

export interface ResultParts {
  readonly planned: PlannedRuns;
  readonly signs: readonly OverShrinkSign[];
  readonly proof: Proof;
  readonly published: PublishedResult;
  readonly inventory: Promise<Inventory> | undefined;
  readonly progress: Progress;
}

/** What the steps of a shrink came to. */
export async function toResult(
  source: ReadSource,
  options: ShrinkOptions,
  parts: ResultParts,
): Promise<ShrinkResult> {
  const { proof, published, progress } = parts;
  const { runs } = parts.planned;
  const { listed, repairs, verification, result } = proof;
  const manifest = await toManifest(source, options, parts);
  return {
    id: published.image.id,
    manifestDigest: digestOfPushed(published.pushed) ?? published.manifestDigest,
    sourceBytes: source.image.sizeBytes,
    resultBytes: manifest.result.sizeBytes,
    keptEntries: result.plan.kept.size,
    generatedEntries: result.generated.length,
    sourceEntries: manifest.tree.size,
    exitStatus: runs[0]?.ended.exitStatus,
    runSeconds: runs.length === 0 ? undefined : runs.reduce((sum, { ended }) => sum + ended.seconds, 0),
    verified: manifest.verified,
    signs: parts.signs,
    heldOut: published.heldOut,
    listed,
    repairs,
    verification,
    packageNames: new Set((await parts.inventory)?.packages.map(({ name }) => name)),
    stages: progress.stages,
    keepList: toKeepList(proof, options.locked),
    hardening: published.hardening,
    manifest,
  };
}

/** What is kept for scanners alone follows from the rest. */
function toKeepList({ plan, repaired }: Proof, locked: string | undefined): string {
  const before = locked === undefined ? [] : parseKeepList(locked).filter((each) => each.repaired);
  const all = new Set<string>([...repaired, ...before.map(({ path }) => path)]);
  return formatKeepList(
    [...plan.kept.values()].map((each) => (all.has(each.path) ? { ...each, repaired: true as const } : each)),
  );
}

/** What a manifest says that was asked for. */
export type ResultWords = Pick<ShrinkOptions, 'version' | 'tags' | 'inventory' | 'metadata' | 'vex'>;

export async function toManifest(
  { image, tree, reference }: ReadSource,
  { version, tags, inventory: withInventory = false, metadata = 'used', vex }: ResultWords,
  {
    planned,
    proof,
    published,
    inventory,
  }: Pick<ResultParts, 'planned' | 'proof' | 'inventory'> & {
    readonly published: Pick<
      PublishedResult,
      'image' | 'details' | 'pushed' | 'manifestDigest' | 'heldOut' | 'hardening'
    >;
  },
): Promise<Manifest> {
  const { plan, generated, digests } = proof.result;
  const { heldOut, hardening, pushed } = published;
  const owners = withInventory || vex !== undefined ? await inventory : undefined;
  return {
    tool: { name: 'keepset', version },
    platform: { os: image.os, architecture: image.architecture },
    source: {
      reference,
      id: image.id,
      repositoryDigests: image.repositoryDigests,
      sizeBytes: image.sizeBytes,
    },
    runs: planned.runs.map(toManifestRun),
    result: {
      reference: tags[0],
      id: published.image.id,
      ...(pushed.length > 0 && { repositoryDigests: pushed }),
      ...(published.manifestDigest !== undefined && { manifestDigest: published.manifestDigest }),
      ...digestOf(published.image),
      sizeBytes: published.details?.sizeBytes ?? keptBytes(plan, generated, await tree()),
    },
    verified: proof.verification.level === 'verified',
    verification: proof.verification,
    ...(heldOut.length > 0 && { checks: heldOut.map(toManifestCheck) }),
    repairs: proof.repairs,
    ...(hardening !== undefined && { hardening }),
    masked: proof.verification.masked,
    plan,
    metadata,
    generated,
    tree: await tree(),
    digests,
    ...(owners !== undefined && { inventory: owners }),
  };
}

function toManifestCheck({ name, command, differences, missing }: HeldOutRun): ManifestCheck {
  return {
    name,
    command,
    same: differences.length === 0,
    ...(missing.length > 0 && { missing: missing.map(({ path }) => path) }),
  };
}

function toManifestRun({ run, command, ended, trace }: SourceRun): ManifestRun {
  const { exitStatus, output, steps } = ended;
  return {
    name: run.name,
    command,
    ...optionsOf(run),
    exitStatus,
    ...outputDigests(output),
    ...(steps.length > 0 && {
      steps: steps.map((step) => ({
        name: step.name,
        status: step.exitStatus ?? -1,
        ...outputDigests(step),
      })),
    }),
    ...(trace !== undefined && {
      user: toUser(trace.identity),
      traceLines: trace.lines,
      processes: trace.processes.slice(0, PROCESSES_MAX).map(toManifestProcess),
    }),
  };
}

/** How it was started: without the values of variables, which may be secrets. */
function optionsOf({
  options: given = {},
  service,
}: Run): Pick<ManifestRun, 'options' | 'variables' | 'service' | 'asked'> {
  const { env = [], ...others } = given;
  const options = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  return {
    ...(Object.keys(options).length > 0 && { options }),
    ...(env.length > 0 && { variables: env.map((variable) => variable.split('=')[0] ?? '') }),
    ...(service !== undefined && { service: true, asked: withoutCrawl(saveService(service)) }),
  };
}

/** What it found is among the steps. */
function withoutCrawl({ crawl: _, ...service }: SavedService): ManifestService {
  return service;
}

/** A build of a large program starts hundreds of thousands, all alike. */
const PROCESSES_MAX = 5000;

function toManifestProcess({ pid, parent, programs }: TracedProcess): ManifestProcess {
  return {
    pid,
    ...(parent !== undefined && { parent }),
    programs: programs.map(({ path, argv }) => ({ path: printPath(path), argv: argv.map(printPath) })),
  };
}

function toUser({ uid, gid, supplementaryGids }: NonNullable<ManifestRun['user']>) {
  return { uid, gid, supplementaryGids };
}

/** Of its one layer: of several, the image itself tells. */
function digestOf({ layers: [layer, ...others] }: BuiltImage): { readonly layerDigest?: string } {
  return layer === undefined || others.length > 0 ? {} : { layerDigest: layer.diffId };
}
