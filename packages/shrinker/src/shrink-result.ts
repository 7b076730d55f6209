import type { ImageDetails } from '@keepset/docker-engine';
import { type BuiltImage, sumLayers } from '@keepset/image-builder';
import type { ImageTree } from '@keepset/image-tree';
import type { Inventory } from '@keepset/inventory';
import { formatKeepList, type ListedPolicy } from '@keepset/keep-planner';
import type { Masked } from '@keepset/run-comparison';
import type { Manifest, ManifestRun } from './manifest.js';
import type { Source } from './open-source.js';
import type { Proof, Repair } from './prove-result.js';
import type { SourceRun } from './source-run.js';
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
  /** Of the run in the source; undefined when there was none (a locked keep list, not verified). */
  readonly exitStatus: number | undefined;
  /** Wall clock of that run. */
  readonly runSeconds: number | undefined;
  readonly verified: boolean;
  /** What became of the other entries of directories that were listed. */
  readonly listed: ListedPolicy;
  /** What the trace had not told, and the result needed: each is a fault of keepset's. */
  readonly repairs: readonly Repair[];
  /** In what the command varies by itself, so that it was not compared. */
  readonly masked: readonly Masked[];
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
  readonly run: SourceRun | undefined;
  readonly proof: Proof;
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
  const { version, tags, source, run, proof, tree, verified } = parts;
  const { plan, built, listed, repairs, masked, comparedFiles } = proof;
  const { image } = source;
  const resultBytes = parts.image?.sizeBytes ?? sumLayers(built.layers);
  return {
    id: built.id,
    manifestDigest: parts.manifestDigest,
    sourceBytes: image.sizeBytes,
    resultBytes,
    keptFiles: plan.kept.size,
    sourceFiles: tree.size,
    exitStatus: run?.exitStatus,
    runSeconds: run?.seconds,
    verified,
    listed,
    repairs,
    masked,
    comparedFiles,
    stages: stages.seconds,
    keepList: formatKeepList(plan.kept.values()),
    manifest: {
      tool: { name: 'keepset', version },
      platform: { os: engine.details.os, architecture: image.architecture },
      source: {
        reference: request.image,
        id: image.id,
        repositoryDigests: image.repositoryDigests,
        sizeBytes: image.sizeBytes,
      },
      result: { reference: tags[0], id: built.id, ...digestOf(built), sizeBytes: resultBytes },
      runs: run === undefined ? [] : [toManifestRun(source.command, run)],
      verified,
      repairs,
      masked,
      plan,
      tree,
      digests: parts.digests,
      ...(parts.inventory !== undefined && { inventory: parts.inventory }),
    },
  };
}

function toManifestRun(command: readonly string[], { exitStatus, output, trace }: SourceRun): ManifestRun {
  const { stdout, stderr } = output;
  return {
    name: 'main',
    command,
    exitStatus,
    stdout: { sha256: stdout.sha256, sizeBytes: stdout.sizeBytes },
    stderr: { sha256: stderr.sha256, sizeBytes: stderr.sizeBytes },
    ...(trace !== undefined && { user: toUser(trace.identity), traceLines: trace.lines }),
  };
}

function toUser({ uid, gid, supplementaryGids }: NonNullable<ManifestRun['user']>) {
  return { uid, gid, supplementaryGids };
}

/** Of its one layer: of several, the image itself tells. */
function digestOf({ layers: [layer, ...others] }: BuiltImage): { readonly layerDigest?: string } {
  return layer === undefined || others.length > 0 ? {} : { layerDigest: layer.diffId };
}
