import type { FileDifference } from './compared-files.js';

/** Raised when a reader of older proofs would misunderstand a newer one. */
export const PROOF_VERSION = 1;
/** The file of a recording that tells of its proof. */
export const PROOF_NAME = 'proof.json';

/** What the recorded command did on the small images, held against the recording. */
export interface RecordingProof {
  readonly proofVersion: typeof PROOF_VERSION;
  readonly tool: { readonly name: 'keepset'; readonly version: string };
  /** Nothing differs, nothing is missing, and a container ran on a small image. */
  readonly holds: boolean;
  /** Of the command itself. */
  readonly exitStatus: { readonly recorded: number; readonly now: number };
  /** Runs on the sources by which it was held; the recording is one. */
  readonly samples: number;
  readonly containers: readonly ProvedContainer[];
  /** What the command left that is not as it was. */
  readonly files: readonly FileDifference[];
  /** Files that were compared. */
  readonly comparedFiles: number;
  /** What was added to small images, without which they failed twice and with which they passed each time. */
  readonly repairs?: readonly ProvedRepair[];
}

/** What one small image turned out to lack for one container. */
export interface ProvedRepair {
  /** Of the source, as it was asked for. */
  readonly image: string;
  /** The container's run, as trace files name it. */
  readonly run: string;
  /** The first difference that it mended, for people. */
  readonly because?: string;
  /** What was added: C-escaped, sorted. */
  readonly paths: readonly string[];
}

/**
 * Whether a container did what it did in the recording.
 *
 * | verdict | means |
 * | --- | --- |
 * | `same` | exit status, output, and the exit statuses of execs |
 * | `differs` | in what `differences` says |
 * | `missing` | it was recorded, and the command did not start it |
 * | `not recorded` | the command started it, and it was not recorded |
 */
export type ProofVerdict = 'same' | 'differs' | 'missing' | 'not recorded';

/** What became of one container in a proof. */
export interface ProvedContainer {
  /** In the recording; of what was not recorded: in this run. */
  readonly number: number;
  readonly name: string;
  /** As it was asked for. */
  readonly image: string;
  readonly command: readonly string[];
  readonly verdict: ProofVerdict;
  /** Whether it ran on a small image; else on its source. */
  readonly isSmall: boolean;
  readonly differences: readonly ContainerDifference[];
  /** What varies between runs on the sources, and was compared only in what stays. */
  readonly varies: readonly string[];
}

/** One thing in which a container did otherwise. */
export interface ContainerDifference {
  readonly where: 'exit status' | 'stdout' | 'stderr';
  /** Of a program beside process 1. */
  readonly exec?: string;
  /** Of a stream, from 1. */
  readonly line?: number;
  /** What it was, and what it is. Null: there is nothing; of an exit status: it did not end. */
  readonly recorded: string | number | null;
  readonly now: string | number | null;
}
