import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineWindow } from './line-window.js';

/** All lines that these chunks are, with their offsets; a line that is too long as its length. */
function read(chunks: readonly Uint8Array[], window: LineWindow) {
  const lines: Array<{ line: string | number; at: number }> = [];
  const take = () => {
    for (;;) {
      if (window.tooLongBytes > 0) lines.push({ line: window.tooLongBytes, at: window.tooLongOffset });
      window.tooLongBytes = 0;
      const { start } = window;
      const end = window.newline();
      if (end < 0) return;
      window.start = end + 1;
      lines.push({ line: window.text(start, end), at: window.offset + start });
    }
  };
  for (const chunk of chunks) {
    window.push(chunk, 0, chunk.length);
    take();
  }
  const open = window.finish();
  take();
  return { lines, open };
}

const log = fc.uint8Array({ maxLength: 300 }).map((all) => all.map((byte) => (byte % 5 === 0 ? 10 : byte)));

function cut(all: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.filter((place) => place < all.length).sort((a, b) => a - b), all.length];
  return places.slice(1).map((end, i) => all.subarray(places[i], end));
}

/** As the scanner has it: in the middle of something, and so small that lines do not fit. */
const small = (longestBytes?: number) => new LineWindow(new Uint8Array(100), 10, longestBytes);

describe('LineWindow', () => {
  it('gives the same lines at the same offsets for every chunking', () => {
    fc.assert(
      fc.property(log, fc.array(fc.nat(300)), (all, cuts) => {
        const whole = read([all], new LineWindow());
        expect(read(cut(all, cuts), new LineWindow())).toEqual(whole);
        expect(read(cut(all, cuts), small())).toEqual(whole);
        const text = String.fromCharCode(...all);
        const last = whole.open || all.length === 0 ? '' : '\n';
        expect(whole.lines.map(({ line }) => line).join('\n') + last).toBe(text);
        for (const { line, at } of whole.lines) expect(text.startsWith(String(line), at)).toBe(true);
      }),
    );
  });

  it('says of lines that are too long where they were, and how long', () => {
    fc.assert(
      fc.property(log, fc.array(fc.nat(300)), (all, cuts) => {
        const chunks = cut(all, cuts);
        const whole = read(chunks, small());
        for (const [i, { line, at }] of read(chunks, small(20)).lines.entries()) {
          const right = whole.lines[i];
          expect(at).toBe(right?.at);
          if (typeof line === 'string') expect(line).toBe(right?.line);
          else expect([line > 20, line]).toEqual([true, String(right?.line).length]);
        }
      }),
    );
  });

  it('keeps bytes that are not text', () => {
    expect(read([Uint8Array.of(0, 0x80, 0x9f, 0xff, 10)], new LineWindow()).lines).toEqual([
      { line: '\u0000\u0080\u009f\u00ff', at: 0 },
    ]);
  });

  it('leaves what is before it alone, and goes back there after a long line', () => {
    const home = new Uint8Array(100).fill(7);
    const window = new LineWindow(home, 10);
    const long = new Uint8Array(1000).fill(97);
    window.push(long, 0, long.length);
    expect([window.newline(), window.isHome]).toEqual([-1, false]);
    window.push(Uint8Array.of(10, 98), 0, 2);
    window.start = window.newline() + 1;
    window.push(Uint8Array.of(10), 0, 1);
    expect([window.isHome, window.start, window.newline()]).toEqual([true, 10, 11]);
    expect([...home.subarray(0, 10)]).toEqual(new Array(10).fill(7));
  });

  it('reads a line of 100 MB that comes in pieces', () => {
    const piece = new Uint8Array(1024 * 1024).fill(97);
    const { lines, open } = read(
      [...new Array<Uint8Array>(100).fill(piece), Uint8Array.of(10, 98)],
      new LineWindow(),
    );
    expect(lines.map(({ line, at }) => [String(line).length, at])).toEqual([
      [100 * 1024 * 1024, 0],
      [1, 100 * 1024 * 1024 + 1],
    ]);
    expect(open).toBe(true);
  });
});
