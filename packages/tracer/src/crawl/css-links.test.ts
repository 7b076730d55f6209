import { expect, it } from 'vitest';
import { cssLinks } from './css-links.js';

it.each<[string, readonly string[]]>([
  ['', []],
  ['@import "a.css" screen; @import url(b.css);', ['a.css', 'b.css']],
  ['@import url("a.css") layer(x) supports(display: grid);', ['a.css']],
  ['a { background: url( "a.png" ), url(b.png) }', ['a.png', 'b.png']],
  ['@font-face { src: url(a.woff2) format("woff2"), local("b") }', ['a.woff2']],
  ['a { background: image-set("a.png" 1x type("image/png"), url(b.png) 2x) }', ['a.png', 'b.png']],
  ['a { background: -webkit-image-set(url(a.png) 1x) }', ['a.png']],
  ['a { content: "url(a.png)" } /* url(b.png) */', []],
  ['@namespace svg url(http://www.w3.org/2000/svg); @namespace "x";', []],
  ['@charset "utf-8"; @media print { a { background: url(a\\ b.png) } }', ['a b.png']],
  ['a { background: url("a.png', ['a.png']],
  ['a { x: f(g("a.png"), (url(b.png))', ['b.png']],
])('%j', (css, links) => {
  expect(cssLinks(css)).toEqual(links);
});
