import type { RunOptions } from '@keepset/docker-engine';
import { parsePrintedPath, printPath } from '@keepset/strace-parser';
import type { Identity } from '@keepset/tracer';
import { type LeftFile, noBytes } from '../run/left-files.js';
import type { Run } from '../run/run.js';
import { restoreService, type SavedService } from '../run/saved-service.js';
import type { WrittenPath } from '../run/written-paths.js';

/** Raised when a reader of older files would misunderstand a newer one. */
export const TRACE_FILE_VERSION = 1;
/** The member of a trace file that tells of the others. */
export const FACTS_NAME = 'trace.json';

/** What a trace file tells beside the traces and outputs themselves. */
export interface TraceFileFacts {
  readonly traceFileVersion: number;
  readonly tool: { readonly name: 'keepset'; readonly version: string };
  readonly source: { readonly reference: string; readonly id: string; readonly architecture: string };
  readonly runs: readonly SavedRunFacts[];
}

interface Bytes {
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface SavedRunFacts {
  readonly name: string;
  /** What followed IMAGE. */
  readonly command: readonly string[];
  /** Options of docker run, but for the values of variables: they may be secrets. */
  readonly options: RunOptions;
  readonly variables: readonly string[];
  readonly service?: SavedService;
  readonly secondsMax?: number;
  readonly isOptional?: true;
  readonly exitStatus: number;
  readonly seconds: number;
  readonly identity: Identity;
  readonly seccompFilter: boolean;
  readonly unasked?: readonly string[];
  /** Whether standard input was open, and is in the file. */
  readonly hasStdin: boolean;
  /** Programs beside process 1, in the order of their traces. */
  readonly execs: readonly {
    readonly command: readonly string[];
    readonly exitStatus: number;
    readonly workingDirectory?: string;
  }[];
  readonly stdout: Bytes;
  readonly stderr: Bytes;
  readonly steps: readonly {
    readonly name: string;
    readonly exitStatus: number | null;
    readonly stdout: Bytes;
    readonly stderr: Bytes;
  }[];
  /** Paths are C-escaped. */
  readonly written: readonly WrittenPath[];
  readonly files: readonly SavedFile[];
}

/** What is at a path after a run; a file's bytes are not in the trace file. */
interface SavedFile extends Omit<LeftFile, 'content'>, Partial<Bytes> {
  readonly path: string;
}

export function saveFiles(files: ReadonlyMap<string, LeftFile>): readonly SavedFile[] {
  return [...files].map(([path, { content, linkTarget, ...state }]) => ({
    path: printPath(path),
    ...state,
    ...(linkTarget !== undefined && { linkTarget: printPath(linkTarget) }),
    ...(content && { sha256: content.sha256, sizeBytes: content.sizeBytes }),
  }));
}

export function restoreFiles(files: readonly SavedFile[]): ReadonlyMap<string, LeftFile> {
  return new Map(
    files.map(({ path, sha256, sizeBytes = 0, linkTarget, ...state }) => [
      parsePrintedPath(path) as string,
      {
        ...state,
        ...(linkTarget !== undefined && { linkTarget: parsePrintedPath(linkTarget) }),
        // Only the hash of it was kept.
        ...(sha256 !== undefined && { content: { sha256, sizeBytes, read: noBytes } }),
      },
    ]),
  );
}

export function saveWritten(written: readonly WrittenPath[]): readonly WrittenPath[] {
  return written.map((each) => ({ ...each, path: printPath(each.path) }));
}

export function restoreWritten(written: readonly WrittenPath[]): readonly WrittenPath[] {
  return written.map((each) => ({ ...each, path: parsePrintedPath(each.path) }));
}

/** The run as it is asked for again. */
export function toRun(
  { name, command, options, service, secondsMax, isOptional }: SavedRunFacts,
  stdin: (() => AsyncIterable<Uint8Array>) | undefined,
): Run {
  return {
    name,
    command,
    options,
    ...(service && { service: restoreService(service) }),
    ...(secondsMax !== undefined && { timeoutSeconds: secondsMax, silent: true, allowFailure: true }),
    ...(isOptional && { optional: isOptional }),
    ...(stdin && { stdin }),
  };
}
