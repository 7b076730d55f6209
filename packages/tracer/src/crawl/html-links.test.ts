import { describe, expect, it } from 'vitest';
import { htmlLinks } from './html-links.js';

/** Without the icon that a browser asks for. */
const read = (html: string) => {
  const { embedded, linked } = htmlLinks(`<link rel=icon href="data:,">${html}`);
  return { embedded: embedded.filter((link) => link !== 'data:,'), linked };
};

describe('what a document is made of', () => {
  it.each<[string, readonly string[]]>([
    ['<link rel="stylesheet" href="a.css">', ['a.css']],
    ['<LINK HREF=a.css REL="alternate StyleSheet">', ['a.css']],
    ['<link rel="preload" imagesrcset="a.png 1x, b.png 2x">', ['a.png', 'b.png']],
    ['<link rel=modulepreload href=a.js><link rel=manifest href=m.json>', ['a.js', 'm.json']],
    ['<script src="a.js?x=1&amp;y=2"></script>', ['a.js?x=1&y=2']],
    ['<img src=a.png srcset="b.png 2x" alt="">', ['a.png', 'b.png']],
    ['<picture><source srcset="a.webp"><img src="b.png"></picture>', ['a.webp', 'b.png']],
    [
      '<video src=a.mp4 poster=b.png><track src=c.vtt></video><audio src=d.ogg>',
      ['a.mp4', 'b.png', 'c.vtt', 'd.ogg'],
    ],
    ['<iframe src=a.html></iframe><embed src=b><object data=c></object>', ['a.html', 'b', 'c']],
    ['<input type=image src=a.png><body background=b.png>', ['a.png', 'b.png']],
    ['<p style="background: url(a.png)">', ['a.png']],
    ['<style>@import "a.css"; p { background: url(b.png) }</style>', ['a.css', 'b.png']],
    ['<svg><image href=a.png /><use xlink:href="b.svg#x" /></svg>', ['a.png', 'b.svg#x']],
    ['<meta http-equiv=refresh content="5; url=next.html">', ['next.html']],
    ['<meta http-equiv=refresh content="5">', []],
    ['<!-- <img src=a.png> --><script>"<img src=b.png>"</script><textarea><img src=c.png></textarea>', []],
    ['<link rel=preconnect href=/x><link rel=canonical href=/y>', []],
    ['<img src="a.png', []],
  ])('%s', (html, embedded) => {
    expect(read(html)).toEqual({ embedded, linked: [] });
  });
});

describe('where its reader may go', () => {
  it.each<[string, readonly string[]]>([
    ['<a href="/b">b</a><a name=x>no</a>', ['/b']],
    ['<map><area href=c></map>', ['c']],
    ['<link rel=next href=2>', ['2']],
    ['<svg><a xlink:href="d"></a></svg>', ['d']],
  ])('%s', (html, linked) => {
    expect(read(html)).toEqual({ embedded: [], linked });
  });
});

it('a browser asks for an icon where none is named', () => {
  expect(htmlLinks('<p>').embedded).toEqual(['/favicon.ico']);
  expect(htmlLinks('<link rel="shortcut icon" href="/i.png">').embedded).toEqual(['/i.png']);
  expect(htmlLinks('<svg><image href="a.png"/></svg>', { isXml: true }).embedded).toEqual(['a.png']);
});

it('the first base counts', () => {
  expect(htmlLinks('<base href=/x/><base href=/y/>').base).toBe('/x/');
});
