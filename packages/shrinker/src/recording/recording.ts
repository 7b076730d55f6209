import type { ComparedFile } from './compared-files.js';
import type { ContainerDifference } from './recording-proof.js';

/** Raised when a reader of older recordings would misunderstand a newer one. */
export const RECORDING_VERSION = 1;
/** The file of a recording that tells of the others. */
export const RECORDING_NAME = 'recording.json';

/** What a folder of `keepset record` tells of what was recorded. */
export interface Recording {
  readonly recordingVersion: number;
  readonly tool: { readonly name: 'keepset'; readonly version: string };
  /** Which started the containers: the program alone, since its arguments may hold secrets. */
  readonly program: string;
  readonly exitStatus: number;
  readonly images: readonly RecordedImage[];
  readonly containers: readonly RecordedFacts[];
  /** What the program left, of what it was asked to compare: paths as they were given. */
  readonly compared?: { readonly paths: readonly string[]; readonly files: readonly ComparedFile[] };
  /** Containers, and programs in them, that ran without a tracer. */
  readonly untraced: readonly {
    readonly name: string;
    readonly image: string;
    readonly imageId?: string;
    readonly command: readonly string[];
    readonly reason: string;
  }[];
}

/** A source image, and the traces of all that was seen of it. */
export interface RecordedImage {
  /** As clients wrote it: each way once, sorted. */
  readonly references: readonly string[];
  readonly id: string;
  readonly architecture: string;
  /** In the folder: a trace file. Absent: nothing of it was executed. */
  readonly traceFile?: string;
  readonly traceBytes?: number;
  /** What small images of it turned out to lack: added since, in this order, and proved. */
  readonly repairs?: readonly RecordedRepair[];
}

/** Containers that differed on a small image, and were traced on it. */
export interface RecordedRepair {
  /** In the folder. */
  readonly traceFile: string;
  /** As the trace files name their runs. */
  readonly runs: readonly { readonly name: string; readonly differences: readonly ContainerDifference[] }[];
}

/** What one container did. */
export interface RecordedFacts {
  /** In the order of their creation, from 1. */
  readonly number: number;
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  /** What followed IMAGE. */
  readonly command: readonly string[];
  /** Names of the variables that were set; their values are not written down. */
  readonly variables: readonly string[];
  readonly client: string;
  readonly starts: number;
  /** Null: it ran on, or was never started. */
  readonly exitStatus: number | null;
  readonly seconds: number;
  readonly tty: boolean;
  /** It was given the socket of an engine: what it started there is not recorded. */
  readonly hasEngineSocket?: true;
  readonly stdout: { readonly sha256: string; readonly sizeBytes: number };
  readonly stderr: { readonly sha256: string; readonly sizeBytes: number };
  /** Of each stream, the bytes that had come when a client asked it to end. Absent: nobody did. */
  readonly beforeEnd?: { readonly stdout: number; readonly stderr: number };
  /** Programs beside process 1. */
  readonly execs: readonly {
    readonly command: readonly string[];
    readonly exitStatus: number;
    /** The engine started it, not a client. */
    readonly isHealthcheck?: true;
    /** As the client that started it was sent it. Absent: the engine started it. */
    readonly stdout?: { readonly sha256: string; readonly sizeBytes: number };
    readonly stderr?: { readonly sha256: string; readonly sizeBytes: number };
  }[];
  /** Of which service docker-compose said that it is. */
  readonly compose?: { readonly project: string; readonly service: string };
  /** Of which process of a Nextflow pipeline it is a task: with the workflows that it is in. */
  readonly nextflow?: { readonly process: string };
}
