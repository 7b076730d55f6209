import { type Decode, decoderOf } from '../text/decode-bytes.js';

const CAPACITY_BYTES = 80 * 1024;
/** Behind the log there is room for its last newline, and for what looks at several bytes at once. */
const SPARE_BYTES = 64;
/** Longer lines are reported, not read: 256 MiB, half of what a V8 string can hold. */
const LONGEST_LINE_BYTES = 256 * 1024 * 1024;
const NEWLINE = 10;

/**
 * The part of a log that is being read, in a buffer of its own, whatever the chunks. Grows with the longest line, and
 * shrinks again. All places in it are indices of its bytes.
 */
export class LineWindow {
  /** After the last byte of the log there is always a newline, so that a search needs no other end. */
  bytes: Uint8Array;
  /** Its text, from one index to another. */
  text: Decode;
  /** Where the next line begins. */
  start: number;
  /** After the last byte of the log. */
  end: number;
  /** What to add to an index to have the offset in the log, in bytes. */
  offset: number;
  /** A line that was passed over because it is too long: its length, or 0, and its offset in the log. */
  tooLongBytes = 0;
  tooLongOffset = 0;

  /** Up to here the next line is known to have no end. */
  #searched = 0;
  #skippedBytes = 0;

  /**
   * @param home   the buffer, as long as no line is too long for it
   * @param first  where in it the log is put: what comes before is not touched
   * @param longestBytes  longer lines are not kept
   */
  constructor(
    private readonly home: Uint8Array = new Uint8Array(CAPACITY_BYTES),
    private readonly first = 0,
    private readonly longestBytes = LONGEST_LINE_BYTES,
  ) {
    this.bytes = home;
    this.text = decoderOf(home);
    this.start = this.end = first;
    this.offset = -first;
    home[first] = NEWLINE;
  }

  /** The buffer is the one that was given. */
  get isHome(): boolean {
    return this.bytes === this.home;
  }

  /** Bytes of the log, from `from` to `to`. What was read before is overwritten. */
  push(chunk: Uint8Array, from: number, to: number): void {
    let begin = from;
    if (this.#skippedBytes > 0) {
      const newline = chunk.indexOf(NEWLINE, from);
      const stop = newline < 0 || newline >= to ? to : newline;
      this.#skippedBytes += stop - from;
      this.offset += stop - from;
      if (stop === to) return;
      this.#endSkipping(1);
      begin = stop + 1;
    }
    this.#makeRoom(to - begin);
    this.bytes.set(chunk.subarray(begin, to), this.end);
    this.end += to - begin;
    this.bytes[this.end] = NEWLINE;
  }

  /** The index of the newline of the next line; -1: it is not all there yet. */
  newline(): number {
    const newline = this.bytes.indexOf(NEWLINE, Math.max(this.start, this.#searched));
    if (newline < this.end) return newline;
    this.#searched = this.end;
    if (this.end - this.start > this.longestBytes) {
      this.#skippedBytes = this.end - this.start;
      this.offset += this.#skippedBytes;
      this.end = this.start;
      this.#makeRoom(0);
    }
    return -1;
  }

  /**
   * The log is at its end: what is left is a line.
   * @returns whether it ended in the middle of a line (its last byte is not a newline)
   */
  finish(): boolean {
    if (this.#skippedBytes > 0) {
      this.#endSkipping(0);
      return true;
    }
    if (this.start === this.end) return false;
    this.bytes[++this.end] = NEWLINE;
    this.#searched = 0;
    return true;
  }

  #endSkipping(newlineBytes: number): void {
    this.tooLongBytes = this.#skippedBytes;
    this.tooLongOffset = this.offset + this.start - this.#skippedBytes;
    this.offset += newlineBytes;
    this.#skippedBytes = 0;
  }

  /** Move what is left to the beginning, where that many bytes more have room behind it. */
  #makeRoom(lengthBytes: number): void {
    const { bytes, home, start, end } = this;
    const rest = end - start;
    const neededBytes = rest + lengthBytes + SPARE_BYTES;
    let first = 0;
    if (neededBytes <= home.length - this.first) {
      first = this.first;
      this.bytes = home;
    } else if (neededBytes > bytes.length || bytes === home) {
      this.bytes = new Uint8Array(Math.max(neededBytes, 2 * bytes.length));
    }
    if (this.bytes === bytes) bytes.copyWithin(first, start, end);
    else {
      this.bytes.set(bytes.subarray(start, end), first);
      this.text = decoderOf(this.bytes);
    }
    const moved = start - first;
    this.offset += moved;
    this.#searched -= moved;
    this.start = first;
    this.end = first + rest;
  }
}
