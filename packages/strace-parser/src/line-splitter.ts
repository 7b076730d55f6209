import { decodeBytes } from './decode-bytes.js';

export interface LineSink {
  /**
   * Lines are going to be cut from `text`.
   *
   * @param offset  where in the log, in bytes, it begins
   */
  begin(text: string, offset: number): void;
  /** One line: `text.slice(start, end)`, without its newline. */
  line(text: string, start: number, end: number): void;
  /** A line too long for a JavaScript string was passed over. */
  tooLong(offset: number, lengthBytes: number): void;
  /** `text` is done with: whoever keeps a piece of it must copy it now, or keep the whole of it alive. */
  release(): void;
}

const KEPT_CARRY_BYTES = 64 * 1024;
/** Longer lines are reported, not read: 256 MiB, half of what a V8 string can hold. */
const LONGEST_LINE_BYTES = 256 * 1024 * 1024;

/** Cuts chunks into lines. Holds one unfinished line, never more. */
export class LineSplitter {
  /** Bytes seen up to the start of the current piece. */
  private offset = 0;
  private carry = new Uint8Array(1024);
  private carryLength = 0;
  private skippedBytes = 0;

  constructor(private readonly sink: LineSink) {}

  /** Bytes of the log, from `start` to `end`: not more than fit in one string. */
  push(bytes: Uint8Array, from = 0, end = bytes.length): void {
    const text = decodeBytes(bytes, from, end);
    let start = 0;
    if (this.carryLength + this.skippedBytes > 0) {
      const newline = text.indexOf('\n');
      const stop = newline < 0 ? text.length : newline;
      this.keep(bytes.subarray(from, from + stop));
      this.offset += stop;
      if (newline < 0) return;
      this.flushCarry();
      this.offset -= stop;
      start = newline + 1;
    }
    this.sink.begin(text, this.offset);
    for (;;) {
      const newline = text.indexOf('\n', start);
      if (newline < 0) break;
      this.sink.line(text, start, newline);
      start = newline + 1;
    }
    this.sink.release();
    this.offset += text.length;
    if (start < text.length) this.keep(bytes.subarray(from + start, end));
  }

  /**
   * The log is at its end.
   * @returns whether it ended in the middle of a line (its last byte is not a newline)
   */
  finish(): boolean {
    const open = this.carryLength + this.skippedBytes > 0;
    if (open) this.flushCarry();
    return open;
  }

  /** Add to the unfinished line, in a buffer that doubles: linear, whatever the chunks. */
  private keep(bytes: Uint8Array): void {
    const length = this.carryLength + bytes.length;
    if (length > LONGEST_LINE_BYTES || this.skippedBytes > 0) {
      this.skippedBytes += length;
      this.carryLength = 0;
      return;
    }
    if (length > this.carry.length) {
      const larger = new Uint8Array(Math.max(length, this.carry.length * 2));
      larger.set(this.carry.subarray(0, this.carryLength));
      this.carry = larger;
    }
    this.carry.set(bytes, this.carryLength);
    this.carryLength = length;
  }

  private flushCarry(): void {
    const length = this.carryLength + this.skippedBytes;
    if (this.skippedBytes > 0) this.sink.tooLong(this.offset - length, length);
    else {
      const text = decodeBytes(this.carry, 0, length);
      this.sink.begin(text, this.offset - length);
      this.sink.line(text, 0, length);
      this.sink.release();
    }
    this.carryLength = 0;
    this.skippedBytes = 0;
    if (this.carry.length > KEPT_CARRY_BYTES) this.carry = new Uint8Array(1024);
  }
}
