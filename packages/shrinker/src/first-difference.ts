import { type FileHandle, open } from 'node:fs/promises';

/** The first place at which two files differ. */
export interface FileDifference {
  /** From 1. */
  readonly line: number;
  /**
   * What each has there, from the line's begin (or a little before the difference, in a long line) to the line's end,
   * at most 200 bytes, a character each; undefined where the file has ended. The newline is shown only where one lacks it.
   */
  readonly source: string | undefined;
  readonly result: string | undefined;
}

const CHUNK_BYTES = 64 * 1024;
const SHOWN_BYTES = 200;
/** Of what is equal, in a long line. */
const BEFORE_BYTES = 60;
const NEWLINE = 0x0a;

/**
 * Find where two files that are not equal differ first, in constant memory: outputs may be of any size, and need not
 * be text.
 */
export async function firstDifference(source: string, result: string): Promise<FileDifference> {
  await using ours = await open(source);
  await using theirs = await open(result);
  const { offset, line, lineStart } = await findDifference(ours, theirs);
  const start = Math.max(lineStart, offset - BEFORE_BYTES);
  const [one, other] = await Promise.all([readLine(ours, start), readLine(theirs, start)]);
  const bothEnd = one?.endsWith('\n') && other?.endsWith('\n');
  const shown = (text: string | undefined) => (bothEnd ? text?.slice(0, -1) : text);
  return { line, source: shown(one), result: shown(other) };
}

async function findDifference(ours: FileHandle, theirs: FileHandle) {
  const [one, other] = [Buffer.alloc(CHUNK_BYTES), Buffer.alloc(CHUNK_BYTES)];
  let line = 1;
  let lineStart = 0;
  for (let position = 0; ; position += CHUNK_BYTES) {
    const [ourBytes, theirBytes] = await Promise.all([
      readAt(ours, one, position),
      readAt(theirs, other, position),
    ]);
    const common = Math.min(ourBytes.length, theirBytes.length);
    let equal = 0;
    while (equal < common && ourBytes[equal] === theirBytes[equal]) {
      if (ourBytes[equal] === NEWLINE) {
        line++;
        lineStart = position + equal + 1;
      }
      equal++;
    }
    if (equal < CHUNK_BYTES) return { offset: position + equal, line, lineStart };
  }
}

async function readLine(file: FileHandle, start: number): Promise<string | undefined> {
  const bytes = await readAt(file, Buffer.alloc(SHOWN_BYTES), start);
  if (bytes.length === 0) return undefined;
  const end = bytes.indexOf(NEWLINE);
  return bytes.subarray(0, end < 0 ? bytes.length : end + 1).toString('latin1');
}

/** As much as the file has, up to the buffer's length: a single read may give less. */
async function readAt(file: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
