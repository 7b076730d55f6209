import type { TraceInput } from '@keepset/strace-parser';

/** The beginning of an event, after pid and times; also of what may stand before strace's own text. */
const BEGINS =
  /^(?:> ?)*(?:\[pid +\d+(?:<[^>]*>)?\] |\d+(?:<[^>]*>)? +)?(?:\(\+ *[\d.]+\) |[\d:.]+ +)*(?:\[[ \w?]+\] )*(?:[a-z_?][\w?]*\(|<\.\.\. |\+\+\+ |--- |\[ Process PID=)/;
const OTHER =
  /^(?:> ?)*(?: ?> .*\[0x| ?\| ?[0-9a-f]{5} | ?\* \d+ bytes| ?= \d+ buffers|strace: |Process \d+ |% time|[- ]{20,}$| *[\d.]+ +[\d.]+ )/;
const QUOTE = /^(?:> ?)+/;
const NEWLINE = 10;
/** More lines are not one: no mailer wraps so long ones. */
const PARTS_MAX = 2000;

/**
 * A log whose long lines were wrapped, by a mailer or a terminal, with its lines whole again.
 *
 * A line that begins as no event does goes on with the one before. Each stays where it was: the parts that are joined
 * leave empty lines behind, so that line numbers are those of the wrapped log.
 *
 * @example parseStrace(unwrapLog(openLog('mail.txt')))
 */
export async function* unwrapLog(
  input: Exclude<TraceInput, object> | AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
) {
  const joiner = new Joiner();
  const chunks = typeof input === 'string' ? [Buffer.from(input)] : input;
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    let out = '';
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      out += joiner.line(bytes.toString('latin1', start, end));
      start = end + 1;
    }
    rest = Buffer.from(bytes.subarray(start));
    if (out !== '') yield Buffer.from(out, 'latin1');
  }
  if (rest.length > 0) yield Buffer.from(joiner.line(rest.toString('latin1')), 'latin1');
  yield Buffer.from(joiner.end(), 'latin1');
}

class Joiner {
  #whole: string | undefined;
  /** Of the last part: a terminal wraps at its width, a mailer at blanks before it. */
  #lastLength = 0;
  #width = 0;
  #parts = 0;

  /** The next line; gives what is whole. */
  line(text: string): string {
    const length = text.length;
    if (
      this.#whole !== undefined &&
      this.#parts < PARTS_MAX &&
      !BEGINS.test(text) &&
      !OTHER.test(text) &&
      text.trim() !== ''
    ) {
      const part = text.replace(QUOTE, '');
      const isHard = this.#lastLength >= this.#width;
      this.#whole += isHard || this.#whole.endsWith(' ') ? part : ` ${part}`;
      this.#parts++;
      this.#lastLength = length;
      this.#width = Math.max(this.#width, length);
      return '';
    }
    const done = this.end();
    this.#whole = text;
    this.#lastLength = length;
    this.#width = Math.max(this.#width, length);
    return done;
  }

  end(): string {
    if (this.#whole === undefined) return '';
    const text = `${this.#whole}${'\n'.repeat(this.#parts + 1)}`;
    this.#whole = undefined;
    this.#parts = 0;
    return text;
  }
}
