import type { TextMismatch } from '../text/text-mask.js';
import { Cursor } from './cursor.js';

const SHOWN_BYTES = 200;
/** Of what is equal, in a long line. */
const BEFORE_BYTES = 60;
const NEWLINE = 0x0a;

/**
 * Find where two contents differ first, in constant memory: they may be of any size, and need not
 * be text. What is shown begins with the line, or a little before the difference in a long one, and is at most 200
 * bytes long, a character each.
 *
 * @param mayVary  whether a byte of the result, at an offset, is no difference. Default never
 * @returns undefined where there is none
 */
export async function firstDifference(
  source: AsyncIterable<Uint8Array>,
  result: AsyncIterable<Uint8Array>,
  mayVary: (offset: number, byte: number) => boolean = () => false,
): Promise<TextMismatch | undefined> {
  await using ours = new Cursor(source);
  await using theirs = new Cursor(result);
  let line = 1;
  let offset = 0;
  let before = '';
  for (;;) {
    const [one, other] = [await ours.peek(), await theirs.peek()];
    const common = Math.min(one.length, other.length);
    let equal = 0;
    while (equal < common && (one[equal] === other[equal] || mayVary(offset + equal, other[equal] as number)))
      equal++;
    const same = one.subarray(0, equal);
    for (let at = same.indexOf(NEWLINE); at >= 0; at = same.indexOf(NEWLINE, at + 1)) line++;
    before = Buffer.concat([Buffer.from(before, 'latin1'), same.subarray(-BEFORE_BYTES)])
      .subarray(-BEFORE_BYTES)
      .toString('latin1');
    before = before.slice(before.lastIndexOf('\n') + 1);
    offset += equal;
    ours.skip(equal);
    theirs.skip(equal);
    if (one.length === 0 && other.length === 0) return undefined;
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
