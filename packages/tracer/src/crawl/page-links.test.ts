import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Page, pageLinks } from './page-links.js';
import { requestPath } from './request-path.js';

const page = (body: string, fields: Partial<Page> = {}): Page => ({
  path: '/a/b',
  port: 8080,
  status: 200,
  contentType: 'text/html; charset=utf-8',
  location: undefined,
  body: Buffer.from(body),
  ...fields,
});
const ICON = '<link rel=icon href=data:,>';

describe('what is asked for a reference', () => {
  it.each<[string, string | undefined]>([
    ['c.css', '/a/c.css'],
    ['../c.css?v=1#top', '/c.css?v=1'],
    ['', '/a/b'],
    ['#top', '/a/b'],
    ['?page=2', '/a/b?page=2'],
    ['//localhost/x', '/x'],
    ['http://localhost:8080/x', '/x'],
    ['http://127.0.0.1/x y', '/x%20y'],
    ['/caf\u00e9', '/caf%C3%A9'],
    [' /x\n', '/x'],
    ['http://localhost:9090/x', undefined],
    ['https://localhost/x', undefined],
    ['http://example.org/x', undefined],
    ['//example.org/x', undefined],
    ['http://user:password@localhost/x', undefined],
    ['mailto:me@localhost', undefined],
    ['javascript:void(0)', undefined],
    ['data:image/png;base64,AA==', undefined],
    ['http://[', undefined],
  ])('%j', (reference, path) => {
    expect(requestPath(reference, { path: '/a/b', port: 8080, base: undefined })).toBe(path);
  });

  it.each<[string, string | undefined]>([
    ['/x/', '/x/c.css'],
    ['../', '/c.css'],
    ['http://example.org/', undefined],
    ['http://[', '/a/c.css'],
  ])('with the base %j', (base, path) => {
    expect(requestPath('c.css', { path: '/a/b', port: 80, base })).toBe(path);
  });
});

describe('the links of a page', () => {
  it('are those of the same server, sorted, each once', () => {
    const html = `${ICON}<img src=z.png><img src=/y.png><img src=z.png><a href=/y.png></a><a href=http://else/></a><a href=c></a>`;
    expect(pageLinks(page(html))).toEqual({ embedded: ['/a/z.png', '/y.png'], linked: ['/a/c'] });
  });

  it.each<[string, Partial<Page>, readonly string[]]>([
    ['a style sheet', { contentType: 'text/css', body: Buffer.from('a { b: url(c.png) }') }, ['/a/c.png']],
    [
      'an image of SVG',
      { contentType: 'image/svg+xml', body: Buffer.from('<svg><image href="c.png"/></svg>') },
      ['/a/c.png'],
    ],
    ['a script', { contentType: 'text/javascript', body: Buffer.from('"<img src=c.png>"') }, []],
    ['an image', { contentType: 'image/png', body: Buffer.from('<img src=c.png>') }, []],
    ['something without a type', { contentType: undefined, body: Buffer.from('<img src=c.png>') }, []],
    ['one that is sent on', { status: 302, location: '/login', contentType: undefined }, ['/login']],
    ['one that is sent on elsewhere', { status: 302, location: 'https://else/', contentType: undefined }, []],
    ['one that names a place it was made at', { status: 201, location: '/new', contentType: undefined }, []],
    ['one that is not there', { status: 404, body: Buffer.from('<img src=c.png>') }, ['/a/c.png']],
    ['one that is shown', { body: Buffer.from('<img src=c.png>') }, ['/a/c.png', '/favicon.ico']],
    [
      'what a browser does not show',
      { status: 301, location: '/b', body: Buffer.from('<img src=c.png>') },
      ['/b'],
    ],
  ])('of %s', (_what, fields, embedded) => {
    expect(pageLinks(page('', fields))).toEqual({ embedded, linked: [] });
  });

  it('are read from any bytes, without failing', () => {
    const type = fc.constantFrom('text/html', 'text/css', 'image/svg+xml');
    const piece = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '<a href=',
      '<style>',
      'url(',
      '@import ',
      ')',
      '&amp',
      '/*',
      '\0',
      '<!--',
      'x',
    );
    fc.assert(
      fc.property(
        type,
        fc.oneof(
          fc.uint8Array(),
          fc.array(piece).map((all) => Buffer.from(all.join(''))),
        ),
        (contentType, body) => {
          const { embedded, linked } = pageLinks(page('', { contentType, body }));
          for (const path of [...embedded, ...linked]) expect(path).toMatch(/^\//);
        },
      ),
    );
  });
});
