/** The beginning of an event, after pid and times; also of what may stand before strace's own text. */
const BEGINS =
  /^(?:> ?)*(?:\[pid +\d+(?:<[^>]*>)?\] |\d+(?:<[^>]*>)? +)?(?:\(\+ *[\d.]+\) |[\d:.]+ +)*(?:\[[ \w?]+\] )*(?:[a-z_?][\w?]*\(|<\.\.\. |\+\+\+ |--- |\[ Process PID=)/;
/** Lines of strace's that are no events. */
const OTHER =
  /^(?:> ?)*(?: ?> .*\[0x| ?\| ?[0-9a-f]{5} | ?\* \d+ bytes| ?= \d+ buffers|strace: |Process \d+ |% time|[- ]{20,}$| *[\d.]+ +[\d.]+ )/;
/** A pid or a time before it: no rest of a call looks like that. */
const HAS_PREFIX = /^(?:> ?)*(?:\[pid +|\d+(?:<[^>]*>)? +|\d[\d:.]+ )/;
const QUOTE = /^(?:> ?)+/;
const NEWLINE = 10;
/** More lines are not one: no mailer wraps so long ones. */
const PARTS_MAX = 2000;

/** What wrapped a log: a mailer, at blanks, or a terminal with so many columns. */
export type Wrapping = 'mail' | number;

/**
 * A log whose long lines were wrapped, with its lines whole again.
 *
 * Of a mail, a line that begins as no event does goes on with the one before; of a terminal, what follows a line that is
 * as long as it is wide. The parts that are joined leave empty lines behind, so that line numbers are those of the
 * wrapped log.
 *
 * @example parseStrace(unwrapLog(openLog('mail.txt'), 'mail'))
 */
export async function* unwrapLog(
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  wrapping: Wrapping,
): AsyncGenerator<Buffer> {
  const joiner = new Joiner(wrapping);
  let rest = Buffer.alloc(0);
  for await (const chunk of input) {
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
  const last = rest.length > 0 ? joiner.line(rest.toString('latin1')) : '';
  yield Buffer.from(last + joiner.end(), 'latin1');
}

class Joiner {
  /** Of the line at hand; its first part may be quoted, and so are the others then. */
  readonly #parts: string[] = [];
  #isQuoted = false;
  #lastLength = 0;

  constructor(private readonly wrapping: Wrapping) {}

  /** The next line; gives what is whole. */
  line(text: string): string {
    const goesOn = this.#parts.length > 0 && this.#parts.length < PARTS_MAX && this.#goesOn(text);
    const done = goesOn ? '' : this.end();
    if (!goesOn) this.#isQuoted = QUOTE.test(text);
    this.#parts.push(goesOn && this.#isQuoted ? text.replace(QUOTE, '') : text);
    this.#lastLength = text.length;
    return done;
  }

  #goesOn(text: string): boolean {
    if (typeof this.wrapping === 'number')
      return this.#lastLength === this.wrapping && !(HAS_PREFIX.test(text) && BEGINS.test(text));
    return !BEGINS.test(text) && !OTHER.test(text) && text.replace(QUOTE, '').trim() !== '';
  }

  end(): string {
    const parts = this.#parts.splice(0);
    return parts.length === 0
      ? ''
      : parts.join(this.wrapping === 'mail' ? ' ' : '') + '\n'.repeat(parts.length);
  }
}
