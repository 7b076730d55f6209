import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CrawlLimits, crawlPages } from './crawl-pages.js';
import type { PageLinks } from './page-links.js';
import { unaskedLinks } from './unasked-links.js';

/** A server: what each path refers to; others answer 404. */
type Site = Readonly<Record<string, Partial<PageLinks>>>;

const NONE: PageLinks = { embedded: [], linked: [] };

async function crawl(site: Site, limits: CrawlLimits, silent: readonly string[] = []) {
  const asked: string[] = [];
  const start = { port: 80, path: '/', links: { ...NONE, ...site['/'] } };
  const { answered, left } = await crawlPages(
    [start],
    async ({ path }) => {
      asked.push(path);
      if (silent.includes(path)) return undefined;
      const links = site[path];
      return { status: links === undefined ? 404 : 200, sizeBytes: 10, links: { ...NONE, ...links } };
    },
    limits,
  );
  expect(answered.map(({ path }) => path)).toEqual(asked.filter((path) => !silent.includes(path)));
  return { asked, left: left.map(({ path }) => path), answered };
}

const SITE: Site = {
  '/': { embedded: ['/site.css', '/app.js'], linked: ['/b', '/a'] },
  '/site.css': { embedded: ['/more.css'] },
  '/more.css': { embedded: ['/font.woff2'] },
  '/app.js': {},
  '/font.woff2': {},
  '/a': { embedded: ['/a.png', '/site.css'], linked: ['/', '/a/1', '/gone'] },
  '/b': { linked: ['/a', '/b'] },
  '/a.png': {},
  '/a/1': { embedded: ['/deep.png'], linked: ['/a/1/2'] },
  '/deep.png': {},
  '/a/1/2': {},
};

describe('a crawl', () => {
  const MADE_OF = ['/app.js', '/site.css', '/more.css', '/font.woff2'];
  const ONE_AWAY = ['/a', '/b', '/a.png'];
  const TWO_AWAY = ['/a/1', '/gone', '/deep.png'];

  it.each<[number, readonly string[], readonly string[]]>([
    [0, MADE_OF, ['/a', '/b']],
    [1, [...MADE_OF, ...ONE_AWAY], ['/a/1', '/gone']],
    [2, [...MADE_OF, ...ONE_AWAY, ...TWO_AWAY], ['/a/1/2']],
    [3, [...MADE_OF, ...ONE_AWAY, ...TWO_AWAY, '/a/1/2'], []],
    [9, [...MADE_OF, ...ONE_AWAY, ...TWO_AWAY, '/a/1/2'], []],
  ])(
    'of depth %i asks for all that a page is made of, and for what is so many links away',
    async (depth, asked, left) => {
      expect(await crawl(SITE, { depth })).toMatchObject({ asked, left });
    },
  );

  it('takes any answer for one', async () => {
    const { answered } = await crawl(SITE, { depth: 2 });
    expect(answered.filter(({ status }) => status !== 200)).toEqual([
      { port: 80, path: '/gone', status: 404 },
    ]);
  });

  it.each<[string, Partial<CrawlLimits>, number]>([
    ['so many requests', { requestsMax: 3 }, 3],
    ['so many bytes', { bytesMax: 25 }, 3],
  ])('ends after %s, and says what is left', async (_what, limits, count) => {
    const { asked, left } = await crawl(SITE, { depth: 9, ...limits });
    expect(asked).toHaveLength(count);
    expect(left).toEqual(['/a', '/b', '/font.woff2']);
  });

  it('leaves out what is not answered', async () => {
    const { left } = await crawl(SITE, { depth: 9 }, ['/a.png', '/a']);
    expect(left).toEqual(['/a']);
  });

  it('gives a server up that gives no answers', async () => {
    const paths = Array.from({ length: 50 }, (_, index) => `/${index}`);
    const { asked, left } = await crawl({ '/': { linked: paths } }, { depth: 1 }, paths);
    expect(asked).toHaveLength(10);
    expect(left).toHaveLength(50);
  });

  it('ends where pages have no end', async () => {
    const { answered } = await crawlPages(
      [{ port: 80, path: '/0', links: { embedded: [], linked: ['/1'] } }],
      async ({ path }) => {
        const next = `/${Number(path.slice(1)) + 1}`;
        return { status: 200, sizeBytes: 1, links: { embedded: [next], linked: [] } };
      },
      { depth: 1 },
    );
    expect(answered).toHaveLength(1000);
  });

  const path = fc.constantFrom('/', '/a', '/b', '/c', '/d', '/e', '/f');
  const paths = fc.uniqueArray(path);
  const site = fc.dictionary(path, fc.record({ embedded: paths, linked: paths })) as fc.Arbitrary<Site>;

  it('asks for nothing twice, and for no less when it goes further', () =>
    fc.assert(
      fc.asyncProperty(site, fc.nat(4), async (made, depth) => {
        const { asked, left } = await crawl(made, { depth });
        expect(new Set([...asked, ...left, '/']).size).toBe(asked.length + left.length + 1);
        const further = await crawl(made, { depth: depth + 1 });
        expect(further.asked.slice(0, asked.length)).toEqual(asked);
      }),
    ));
});

it('what pages refer to and nobody asked for is told without one', () => {
  const pages = [
    { port: 80, path: '/', links: { embedded: ['/site.css', '/favicon.ico'], linked: ['/a', '/b'] } },
    { port: 80, path: '/a', links: { embedded: ['/site.css'], linked: ['/'] } },
  ];
  expect(unaskedLinks(pages)).toEqual([
    { port: 80, path: '/b' },
    { port: 80, path: '/site.css' },
  ]);
  expect(unaskedLinks([])).toEqual([]);
});
