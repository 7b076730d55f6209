import { expect, it } from 'vitest';
import { parseSrcset } from './srcset.js';

it.each<[string, readonly string[]]>([
  ['', []],
  ['a.png', ['a.png']],
  ['a.png 1x, b.png 2x', ['a.png', 'b.png']],
  ['a.png 100w,b.png 200w', ['a.png', 'b.png']],
  ['a,b.png 1x,c.png', ['a,b.png', 'c.png']],
  ['a.png, b.png', ['a.png', 'b.png']],
  [' , a.png ,, b.png ', ['a.png', 'b.png']],
  ['a.png (x, y) 1x, b.png', ['a.png', 'b.png']],
  ['data:image/png;base64,AA== 1x, b.png 2x', ['data:image/png;base64,AA==', 'b.png']],
])('%j', (text, links) => {
  expect(parseSrcset(text)).toEqual(links);
});
