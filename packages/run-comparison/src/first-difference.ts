import type { TextMismatch } from './text-mask.js';

const SHOWN_BYTES = 200;
/** Of what is equal, in a long line. */
const BEFORE_BYTES = 60;
const NEWLINE = 0x0a;

/**
 * Find where two contents that are not equal differ first, in constant memory: they may be of any size, and need not
 * be text. What is shown begins with the line, or a little before the difference in a long one, and is at most 200
 * bytes long, a character each.
 */
export async function firstDifference(
  source: AsyncIterable<Uint8Array>,
  result: AsyncIterable<Uint8Array>,
): Promise<TextMismatch> {
  await using ours = new Cursor(source);
  await using theirs = new Cursor(result);
  let line = 1;
  let before = '';
  for (;;) {
    const [one, other] = [await ours.peek(), await theirs.peek()];
    const common = Math.min(one.length, other.length);
    let equal = 0;
    while (equal < common && one[equal] === other[equal]) equal++;
    const same = one.subarray(0, equal);
    for (let at = same.indexOf(NEWLINE); at >= 0; at = same.indexOf(NEWLINE, at + 1)) line++;
    before = Buffer.concat([Buffer.from(before, 'latin1'), same.subarray(-BEFORE_BYTES)])
      .subarray(-BEFORE_BYTES)
      .toString('latin1');
    before = before.slice(before.lastIndexOf('\n') + 1);
    ours.skip(equal);
    theirs.skip(equal);
    if (equal < common || common === 0) {
      return { line, source: await rest(before, ours), result: await rest(before, theirs) };
    }
  }
}

async function rest(before: string, cursor: Cursor): Promise<string | undefined> {
  const bytes = await cursor.take(SHOWN_BYTES - before.length);
  if (bytes.length === 0) return before === '' ? undefined : before;
  const end = bytes.indexOf(NEWLINE);
  return before + bytes.subarray(0, end < 0 ? bytes.length : end).toString('latin1');
}

/** Reads chunks of any size, as many bytes at a time as are at hand. */
class Cursor implements AsyncDisposable {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** What is at hand; empty at the end. */
  async peek(): Promise<Buffer> {
    while (this.#buffer.length === 0 && (await this.#fill()));
    return this.#buffer;
  }

  skip(count: number): void {
    this.#buffer = this.#buffer.subarray(count);
  }

  async take(count: number): Promise<Buffer> {
    while (this.#buffer.length < count && (await this.#fill()));
    return this.#buffer.subarray(0, count);
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#buffer = Buffer.concat([this.#buffer, value]);
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.();
  }
}
