import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.js';

function split(chunks: readonly Uint8Array[]) {
  const lines: Array<{ line: string; at: number }> = [];
  let base = 0;
  const splitter = new LineSplitter({
    begin: (_text, offset) => {
      base = offset;
    },
    line: (text, start, end) => lines.push({ line: text.slice(start, end), at: base + start }),
    tooLong: () => {},
    release: () => {},
  });
  for (const chunk of chunks) splitter.push(chunk);
  return { lines, open: splitter.finish() };
}

describe('LineSplitter', () => {
  it('gives the same lines at the same offsets for every chunking', () => {
    const bytes = fc
      .uint8Array({ maxLength: 300 })
      .map((all) => all.map((byte) => (byte % 5 === 0 ? 10 : byte)));
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(300)), (all, cuts) => {
        const places = [0, ...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
        const chunks = places.slice(1).map((end, i) => all.subarray(places[i], end));
        const whole = split([all]);
        expect(split(chunks)).toEqual(whole);
        const text = String.fromCharCode(...all);
        expect(
          whole.lines.map(({ line }) => line).join('\n') + (whole.open || all.length === 0 ? '' : '\n'),
        ).toBe(text);
        for (const { line, at } of whole.lines) expect(text.slice(at, at + line.length)).toBe(line);
      }),
    );
  });

  it('keeps bytes that are not text', () => {
    expect(split([Uint8Array.of(0, 0x80, 0x9f, 0xff, 10)]).lines).toEqual([
      { line: '\u0000\u0080\u009f\u00ff', at: 0 },
    ]);
  });

  it('reads a line of 100 MB that comes in pieces', () => {
    const piece = new Uint8Array(1024 * 1024).fill(97);
    const { lines, open } = split([...new Array<Uint8Array>(100).fill(piece), Uint8Array.of(10, 98)]);
    expect(lines.map(({ line, at }) => [line.length, at])).toEqual([
      [100 * 1024 * 1024, 0],
      [1, 100 * 1024 * 1024 + 1],
    ]);
    expect(open).toBe(true);
  });
});
