// The built site in a browser: `pnpm docs:build` comes first.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSite, seriousFaults } from '../../test-fixtures/browser.ts';

const SITE = new URL('../dist/', import.meta.url).pathname;
const SHOTS = new URL('../../test-output/', import.meta.url).pathname;

beforeAll(() => {
  if (!existsSync(join(SITE, 'index.html'))) throw new Error('there is no site yet: pnpm docs:build');
  mkdirSync(SHOTS, { recursive: true });
});

describe.each([
  { width: 390, height: 844 },
  { width: 1280, height: 900 },
])('at $width px', (viewport) => {
  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    const shot = (name: string) => ({
      path: join(SHOTS, `site-${name.replace('/', '-')}-${viewport.width}-${colorScheme}.png`),
    });

    it('pages fit, and keep nobody out', async () => {
      await using opened = await openSite(SITE, 'index.html', { viewport, colorScheme });
      const { page, complaints } = opened;
      for (const name of ['index', 'quick-start', 'guides/compose', 'api/report']) {
        await page.goto(new URL(`/${name}.html`, page.url()).href);
        await page.locator('h1').first().waitFor();
        await page.screenshot(shot(name));
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
        expect(await seriousFaults(page)).toEqual([]);
      }
      expect(complaints).toEqual([]);
    });

    it('a word is found without a network, and its page opens', async () => {
      await using opened = await openSite(SITE, 'quick-start.html', { viewport, colorScheme });
      const { page, complaints } = opened;
      await page.locator('#local-search button').click();
      await page.locator('#localsearch-input').fill('crawl');
      const found = page.locator('.results li a', { hasText: 'Crawling' }).first();
      await found.waitFor();
      await page.screenshot(shot('search'));
      await found.click();
      await page.waitForURL(/keepset\.yaml\.html#crawling$/);
      await page.locator('h2#crawling').waitFor();
      expect(complaints).toEqual([]);
    });
  });
});
