import { type Container, type Engine, toContainerConfig } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { visitPages } from '../../../test-fixtures/browser.ts';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import { makeSite, NEVER, PAGES, siteContext } from '../../../test-fixtures/site.ts';
import { shrinkHere } from './shrink-here.ts';

const NAME = `keepset/test-crawl-${process.pid}:source`;
let engine: Engine;

beforeAll(async () => {
  engine = await connectTestEngine();
  await engine.buildImage(siteContext(await ensureImage(engine, 'service')), { tag: NAME });
});
afterAll(async () => {
  await engine?.removeImage(NAME);
  await engine?.[Symbol.asyncDispose]();
});

/** What a browser asks of an image's server when it visits all pages, and how it is answered. */
async function visitImage(image: string): Promise<ReadonlyMap<string, number>> {
  await using container = await engine.createContainer(toContainerConfig(image, [], {}), 'test');
  await container.start();
  return await visitPages(`${await addressOf(container)}:80`, PAGES.map(encodeURI));
}

async function addressOf(container: Container): Promise<string> {
  const { addresses } = await container.state();
  return addresses[0] ?? '';
}

const service = (depth: number) => ({
  ready: [],
  steps: [{ kind: 'http' as const, method: 'GET', path: '/' }],
  crawl: { depth },
});

it('a crawl keeps what a browser loads of 30 pages', async () => {
  const { result } = await shrinkHere(engine, { image: NAME, service: service(3) });
  try {
    const browsed = await visitImage(NAME);
    const asked = new Map(
      result.manifest.runs[0]?.steps?.map(({ name, status }) => [
        /^http GET (\S+?)(?:=[1-5]\d\d)?$/.exec(name)?.[1],
        status,
      ]),
    );
    // Nothing more, and nothing less.
    expect([...asked.keys()].sort()).toEqual([...browsed.keys()].sort());
    expect(asked).toEqual(browsed);
    expect(new Set(browsed.values())).toEqual(new Set([200, 302]));

    // What nothing refers to, and a page of the base.
    expect(result.signs.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^3 of the \d+ files in \/var\/www\/html were never used: drafts\/31.html, images\/comment.svg, other.html$/,
      ),
    ]);
    const kept = new Set<string>(result.manifest.plan.kept.keys());
    const lost = [...makeSite().keys()].filter((path) => !kept.has(`/var/www/html${path}`));
    expect(lost.sort()).toEqual([...NEVER.keys()].sort());

    expect(await visitImage(result.id)).toEqual(browsed);
  } finally {
    await engine.removeImage(result.id);
  }
});

it('without one, the pages that are not asked for are gone, and named', async () => {
  const { crawl: _, ...plain } = service(0);
  const { result } = await shrinkHere(engine, { image: NAME, service: plain });
  try {
    expect(result.signs.map(({ kind }) => kind)).toEqual(['links-not-asked', 'own-files-unused']);
    const lost = [...(await visitImage(result.id))].filter(([, status]) => status === 404);
    expect(lost.length).toBeGreaterThan(20);
  } finally {
    await engine.removeImage(result.id);
  }
});

it('what is further away than it may go is named', async () => {
  const { result } = await shrinkHere(engine, { image: NAME, service: service(1) });
  try {
    expect(result.signs.map(({ kind }) => kind)).toContain('links-not-asked');
    expect(result.signs[0]?.message).toMatch(
      / 9 paths of the same server that were not: \/area%2010\/, \/area%205\/, /,
    );
  } finally {
    await engine.removeImage(result.id);
  }
});
