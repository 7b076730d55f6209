// A site of 30 pages for the tests of crawls: three links deep, and made of all that a browser loads.
import type { ArchiveFile } from '@keepset/docker-engine';

/** Path → content. */
export type Site = ReadonlyMap<string, string>;

/** The pages of the site, the first is the one that people begin at. */
export const PAGES: readonly string[] = Array.from({ length: 30 }, (_, index) => pagePath(index));

function pagePath(index: number): string {
  if (index === 0) return '/';
  return index % 5 === 0 ? `/area ${index}/` : `/pages/${index}.html`;
}

/** A tree of pages: each refers to three others. */
function linksOf(index: number): readonly number[] {
  return [1, 2, 3].map((step) => 3 * index + step).filter((each) => each < PAGES.length);
}

const image = (name: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><title>${name}</title></svg>`;

/** Reference to a path in different ways: absolute, from the page, with the host. */
function reference(path: string, from: string, way: number): string {
  const encoded = path.replaceAll(' ', '%20');
  if (way % 3 === 0) return encoded;
  if (way % 3 === 1) return `http://localhost${encoded}`;
  return '../'.repeat(from.split('/').length - 2) + encoded.slice(1) || './';
}

export function makeSite(): Site {
  const site = new Map<string, string>();
  for (const [index, path] of PAGES.entries()) {
    const to = (target: string) => reference(target, path, index);
    const links = linksOf(index).map((each) => `<li><a href="${to(pagePath(each))}">page ${each}</a>`);
    for (const name of ['one', 'two', 'three', 'style', 'poster'])
      site.set(`/images/${index}-${name}.svg`, image(`${index} ${name}`));
    site.set(
      `/frames/${index}.html`,
      `<!doctype html><link rel=icon href="data:,"><p>frame ${index}<img src="/images/${index}-three.svg">`,
    );
    site.set(
      path.endsWith('/') ? `${path}index.html` : path,
      `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Page ${index}</title>
<link rel="icon" href="${to('/images/icon.svg')}">
<link rel="stylesheet" href="${to('/styles/site.css')}?v=1&amp;page=${index % 2}">
<link rel="stylesheet" href="${to('/styles/print.css')}" media="print">
<script src="${to('/scripts/site.js')}" defer></script>
<style>
  @import "${to('/styles/imported.css')}";
  h1 { background: url(${to(`/images/${index}-style.svg`)}) }
</style>
<h1>Page ${index}</h1>
<!-- <img src="/images/comment.svg"> -->
<img src="${to(`/images/${index}-one.svg`)}" srcset="${to(`/images/${index}-two.svg`)} 2x" alt="">
<div style="background: url('${to('/images/shared.svg')}'); height: 8px"></div>
<iframe src="${to(`/frames/${index}.html`)}" title="frame"></iframe>
<video poster="${to(`/images/${index}-poster.svg`)}" width="8" height="8"></video>
<a href="http://example.org/elsewhere">elsewhere</a> <a href="mailto:me@example.org">me</a> <a href="#top">top</a>
<ul>${links.join('\n')}</ul>
</html>
`,
    );
  }
  return new Map([...site, ...SHARED, ...NEVER]);
}

const SHARED: Site = new Map([
  ['/images/icon.svg', image('icon')],
  ['/images/shared.svg', image('shared')],
  ['/images/imported.svg', image('imported')],
  ['/images/imported-2x.svg', image('imported, on a dense screen')],
  ['/images/moved.svg', image('moved')],
  [
    '/styles/site.css',
    '@import url(more/colours.css);\nbody { background: url("../images/old.svg") }\n/* url(../images/comment.svg) */\n',
  ],
  [
    '/styles/more/colours.css',
    '@font-face { font-family: own; src: url("../../fonts/own.woff2") format("woff2") }\np, h1 { font-family: own }\n',
  ],
  [
    '/styles/imported.css',
    'ul { background: image-set("/images/imported.svg" 1x, "/images/imported-2x.svg" 2x) }\n',
  ],
  ['/styles/print.css', 'body { color: black }\n'],
  ['/scripts/site.js', 'document.title += "!";\n'],
  ['/fonts/own.woff2', 'no font, but asked for as one'],
]);

/** What nothing refers to. */
export const NEVER: Site = new Map([
  ['/images/comment.svg', image('comment')],
  ['/drafts/31.html', '<p>not yet'],
]);

/** `/images/old.svg` has moved. */
const SERVER = `server {
  listen 80 default_server;
  root /var/www/html;
  location = /images/old.svg { return 302 /images/moved.svg; }
}
`;

/** A build context: the site, served by the image that is the base. */
export function siteContext(base: string): ArchiveFile[] {
  const file = (name: string, content: string) => ({
    header: { name, mode: 0o644, mtime: new Date(0) },
    content: Buffer.from(content),
  });
  return [
    file(
      'Dockerfile',
      `FROM ${base}\nCOPY site/ /var/www/html/\nCOPY server.conf /etc/nginx/sites-enabled/default\n`,
    ),
    file('server.conf', SERVER),
    ...[...makeSite()].map(([path, content]) => file(`site${path}`, content)),
  ];
}
