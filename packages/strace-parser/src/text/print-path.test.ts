import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteString } from '../../test/arbitraries.ts';
import { parsePrintedPath, printPath } from './print-path.js';

describe('printPath', () => {
  it.each([
    ['/usr/bin/ls', '/usr/bin/ls'],
    ['/caf\u00c3\u00a9', '/café'],
    ['/\u00e6\u0097\u00a5', '/日'],
    ['/\u00ff\u0080raw', '/\\377\\200raw'],
    ['/a\\b', '/a\\\\b'],
    ['/new\nline\t', '/new\\nline\\t'],
    ['/\u001b[31m\u007f', '/\\033[31m\\177'],
    // U+202E turns text around, U+2028 ends a line: nobody should have to look at those.
    ['/\u00e2\u0080\u00ae', '/\\342\\200\\256'],
    ['/\u00e2\u0080\u00a8', '/\\342\\200\\250'],
    ['/\u00f0\u009f\u0098\u0080', '/😀'],
    // A surrogate in UTF-8, and a letter in too many bytes, are not UTF-8.
    ['/\u00ed\u00a0\u0080', '/\\355\\240\\200'],
    ['/\u00c1\u0081', '/\\301\\201'],
  ])('%j is shown as %s', (path, shown) => expect(printPath(path)).toBe(shown));

  it('is undone by parsePrintedPath', () => {
    fc.assert(
      fc.property(byteString, (path) => {
        expect(parsePrintedPath(printPath(path))).toBe(path);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bytes = String.fromCharCode(...new TextEncoder().encode(text));
        expect(parsePrintedPath(printPath(bytes))).toBe(bytes);
      }),
    );
  });
});
