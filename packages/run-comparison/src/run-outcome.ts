import { createHash } from 'node:crypto';

/** Bytes that a run left, hashed when they came by; read again only where the hashes differ. */
export interface Content {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The bytes once more. May be called more than once. */
  read(): AsyncIterable<Uint8Array>;
}

/** Where a run printed something. */
export type StreamName = 'stdout' | 'stderr';

/** What is at a path after a run. */
export interface FileState {
  readonly type:
    | 'file'
    | 'directory'
    | 'symlink'
    | 'fifo'
    | 'socket'
    | 'character-device'
    | 'block-device'
    | string;
  /** Twelve bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of files. */
  readonly content?: Content;
  /** Of links. A byte string. */
  readonly linkTarget?: string;
}

/** How a program ended, and what it wrote to its streams. */
export interface ProgramOutcome {
  /** 128 + N after signal N. Undefined: it could not even be started, or gave no answer. */
  readonly exitStatus: number | undefined;
  readonly stdout: Content;
  readonly stderr: Content;
}

/** Something that was asked of a running program: a command beside it, a request. */
export interface StepOutcome extends ProgramOutcome {
  /** For people. */
  readonly name: string;
}

/** How a run ended, what it wrote, and what it left. */
export interface RunOutcome extends ProgramOutcome {
  /** Why it could not be started, or not be asked everything, where `exitStatus` is undefined. */
  readonly failure?: string;
  /** What was asked of it, in order; the same in each run that is compared. Default none. */
  readonly steps?: readonly StepOutcome[];
  /** By path (a byte string); what is not there is not in it. */
  readonly files: ReadonlyMap<string, FileState>;
}

/** Content that is at hand. */
export function toContent(bytes: Uint8Array | string): Content {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return {
    sha256: createHash('sha256').update(buffer).digest('hex'),
    sizeBytes: buffer.length,
    async *read() {
      yield buffer;
    },
  };
}

/**
 * The first bytes of a content: no more of it is read than holds them.
 *
 * @example (await readBeginning(toContent('first\nsecond\n'), 5)).toString() // 'first'
 */
export async function readBeginning(content: Content, bytesMax: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of content.read()) {
    pieces.push(piece);
    sizeBytes += piece.length;
    if (sizeBytes >= bytesMax) break;
  }
  return Buffer.concat(pieces).subarray(0, bytesMax);
}
