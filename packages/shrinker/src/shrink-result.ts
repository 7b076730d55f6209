import type { ImageDetails } from '@keepset/docker-engine';
import { type BuiltImage, sumLayers } from '@keepset/image-builder';
import type { ImageTree } from '@keepset/image-tree';
import type { GeneratedEntry, Inventory, MetadataPolicy } from '@keepset/inventory';
import { formatKeepList, type KeepPlan, type ListedPolicy } from '@keepset/keep-planner';
import type {
  Manifest,
  ManifestCheck,
  ManifestProcess,
  ManifestRun,
  MaskedInRun,
  Repair,
} from '@keepset/manifest';
import { printPath, type TracedProcess } from '@keepset/strace-parser';
import type { HeldOutRun } from './held-out.js';
import type { Source } from './open-source.js';
import type { OverShrinkSign } from './over-shrink.js';
import type { Proof } from './prove-result.js';
import { digestOfPushed } from './publish-result.js';
import { outputDigests } from './record-output.js';
import type { ProvenRun } from './source-run.js';
import type { StageSeconds } from './stages.js';
import type { Work } from './work.js';

export interface ShrinkResult {
  readonly id: string;
  /** sha256:… by which a registry knows it, when it went out as an OCI image. */
  readonly manifestDigest: string | undefined;
  readonly sourceBytes: number;
  readonly resultBytes: number;
  readonly keptFiles: number;
  readonly sourceFiles: number;
  /** Of the (first) run in the source; undefined when there was none (a locked keep list, not verified). */
  readonly exitStatus: number | undefined;
  /** Wall clock of all runs in the source, without their containers' creation. */
  readonly runSeconds: number | undefined;
  readonly verified: boolean;
  /** That the run may have been too little. */
  readonly signs: readonly OverShrinkSign[];
  /** How commands did that had no part in making the result. */
  readonly heldOut: readonly HeldOutRun[];
  /** What became of the other entries of directories that were listed. */
  readonly listed: ListedPolicy;
  /** What the trace had not told, and the result needed: each is a fault of keepset's. */
  readonly repairs: readonly Repair[];
  /** In what the command varies by itself, so that it was not compared. */
  readonly masked: readonly MaskedInRun[];
  /** How many files that the command left were compared. */
  readonly comparedFiles: number;
  readonly stages: readonly StageSeconds[];
  /** The text of keep.txt. */
  readonly keepList: string;
  readonly manifest: Manifest;
}

export interface ResultParts {
  readonly version: string;
  readonly tags: readonly string[];
  readonly source: Source;
  readonly runs: readonly ProvenRun[];
  readonly heldOut: readonly HeldOutRun[];
  readonly signs: readonly OverShrinkSign[];
  readonly proof: Proof;
  readonly metadata: {
    readonly policy: MetadataPolicy;
    /** The proof's, with what is kept for scanners alone. */
    readonly plan: KeepPlan;
    readonly generated: readonly GeneratedEntry[];
  };
  /** NAME@sha256:… of each name that was sent to its registry. */
  readonly pushed: readonly string[];
  /** Of the first OCI image that was written. */
  readonly manifestDigest: string | undefined;
  readonly tree: ImageTree;
  readonly inventory: Inventory | undefined;
  /** sha256 of files, as far as they were told. */
  readonly digests: ReadonlyMap<string, string>;
  /** The result as the engine has it. */
  readonly image: ImageDetails | undefined;
  readonly verified: boolean;
}

export function toResult({ engine, request, stages }: Work, parts: ResultParts): ShrinkResult {
  const { version, tags, source, runs, proof, tree, verified } = parts;
  const { built, listed, repairs, masked, comparedFiles } = proof;
  const { plan, generated, policy } = parts.metadata;
  const { image } = source;
  const resultBytes = parts.image?.sizeBytes ?? sumLayers(built.layers);
  return {
    id: built.id,
    manifestDigest: digestOfPushed(parts.pushed) ?? parts.manifestDigest,
    sourceBytes: image.sizeBytes,
    resultBytes,
    keptFiles: plan.kept.size + generated.length,
    sourceFiles: tree.size,
    exitStatus: runs[0]?.run.exitStatus,
    runSeconds: runs.length === 0 ? undefined : runs.reduce((sum, { run }) => sum + run.seconds, 0),
    verified,
    signs: parts.signs,
    heldOut: parts.heldOut,
    listed,
    repairs,
    masked,
    comparedFiles,
    stages: stages.seconds,
    // What is kept for scanners alone follows from the rest.
    keepList: formatKeepList(
      [...proof.plan.kept.values()].map((each) =>
        proof.repaired.has(each.path) ? { ...each, repaired: true as const } : each,
      ),
    ),
    manifest: {
      tool: { name: 'keepset', version },
      platform: { os: engine.details.os, architecture: image.architecture },
      source: {
        reference: request.image,
        id: image.id,
        repositoryDigests: image.repositoryDigests,
        sizeBytes: image.sizeBytes,
      },
      runs: runs.map(toManifestRun),
      result: {
        reference: tags[0],
        id: built.id,
        ...(parts.pushed.length > 0 && { repositoryDigests: parts.pushed }),
        ...(parts.manifestDigest !== undefined && { manifestDigest: parts.manifestDigest }),
        ...digestOf(built),
        sizeBytes: resultBytes,
      },
      verified,
      ...(parts.heldOut.length > 0 && { checks: parts.heldOut.map(toManifestCheck) }),
      repairs,
      masked,
      plan,
      metadata: policy,
      generated,
      tree,
      digests: parts.digests,
      ...(parts.inventory !== undefined && { inventory: parts.inventory }),
    },
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

function toManifestRun({
  name,
  source: { command },
  run: { exitStatus, output, steps, trace },
}: ProvenRun): ManifestRun {
  return {
    name,
    command,
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
