import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage, seriousFaults } from '../../../test-fixtures/browser.ts';
import { type ReportData, type ReportEntry, renderReport } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'test-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FILE = { type: 'file', sizeBytes: 1000, state: 'removed', owners: [], why: [], programs: [] } as const;
/** Nothing in the data may be taken for HTML. */
const ODD = '/odd/<img src=x onerror=alert(1)></script>&amp;"\\377';
const KEPT: Partial<ReportEntry> = {
  state: 'kept',
  why: ['  a directory on the way to /usr/bin/R', '    run "main": execute by sh (execve, line 3)'],
  programs: [0],
};

const DATA: ReportData = {
  source: { id: `sha256:${'1'.repeat(64)}`, reference: 'big:latest', sizeBytes: 9_000_000 },
  result: { id: `sha256:${'2'.repeat(64)}`, reference: 'small:latest', sizeBytes: 700_000 },
  platform: 'linux/amd64',
  verdict: 'yes: the same exit status and output',
  runs: [
    {
      name: 'main',
      command: ['R', '-e', 'plot(1)'],
      exitStatus: 0,
      stdoutBytes: 12,
      user: '0:0',
      traceLines: 77,
      processes: [
        { pid: 1, programs: [0] },
        { pid: 7, parent: 1, programs: [] },
        { pid: 9, parent: 7, programs: [1, 0] },
      ],
    },
  ],
  checks: [
    { name: 'version', command: ['R', '--version'], same: true, missing: [] },
    { name: 'help', command: ['R', '--help'], same: false, missing: ['/usr/share/R/help'] },
  ],
  repairs: ['/usr/lib/R/etc/repaired'],
  varying: ['main: standard output (numbers and names)'],
  notCompared: ['main: /out.enc (its bytes are others each time)'],
  hints: [{ does: `Smaller, without ${ODD}`, line: `keepset shrink --drop '${ODD}' … IMAGE COMMAND` }],
  generated: [
    { path: '/var/lib/dpkg/status.d/alpha', type: 'file', sizeBytes: 70, why: ['  package metadata'] },
    { path: '/usr/share/doc/big', type: 'file', sizeBytes: 7, why: ['  package metadata'] },
  ],
  warnings: ['warning: files that look like secrets (1): /root/.netrc (kept)'],
  packages: ['alpha', 'beta', 'gamma'].map((name, index) => ({
    ecosystem: index === 2 ? 'pypi' : 'deb',
    name,
    version: `${index}.0`,
    installed: { files: 10, sizeBytes: 3_000_000 / (index + 1) },
    kept: { files: index, sizeBytes: 100_000 * index },
    used: { files: index, sizeBytes: 50_000 * index },
    runs: index === 0 ? [] : ['main'],
  })),
  programs: [
    { path: '/usr/bin/R', words: ['R', '-e', 'plot(1)'] },
    { path: ODD, words: [ODD] },
  ],
  entries: [
    { ...FILE, path: '/', type: 'directory', sizeBytes: 0, ...KEPT },
    { ...FILE, path: '/usr/bin/R', sizeBytes: 400_000, ...KEPT, owners: [0] },
    { ...FILE, path: '/usr/lib/libR.so', sizeBytes: 300_000, ...KEPT, owners: [1] },
    { ...FILE, path: '/usr/lib/removed.so', sizeBytes: 3_000_000, owners: [1] },
    { ...FILE, path: '/usr/share/doc/big', sizeBytes: 4_000_000, owners: [2] },
    {
      ...FILE,
      path: '/usr/share/doc/stub',
      sizeBytes: 1_000_000,
      state: 'stub',
      why: ['  an entry of a listed directory: /usr/share/doc'],
    },
    { ...FILE, path: '/bin', type: 'symlink', sizeBytes: 0, linkTarget: 'usr/bin', ...KEPT },
    { ...FILE, path: ODD, sizeBytes: 2_000_000 },
  ],
};

async function pageOf(data: ReportData): Promise<string> {
  return (await Array.fromAsync(renderReport(data))).join('');
}

async function write(name: string, data: ReportData): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, await pageOf(data));
  return file;
}

let file: string;
beforeAll(async () => {
  file = await write('report.html', DATA);
});

describe('the page', () => {
  it('shows sizes, runs, packages, libraries and warnings, and asks for nothing', async () => {
    await using opened = await openPage(file);
    const { page, complaints } = opened;
    expect(await page.title()).toBe('small:latest: keepset report');
    expect(await page.locator('.headline').textContent()).toBe('9.0 MB → 700.0 kB (7.8 %)');
    const main = await page.locator('main').textContent();
    for (const text of [
      '8 → 5, and 2 for scanners',
      'yes: the same exit status and output',
      "R -e 'plot(1)'",
      'files that look like secrets (1): /root/.netrc (kept)',
      '/usr/lib/libR.so',
      'R --version',
      'does the same in the result',
      'help (not traced)',
      'does otherwise in the result',
      '/usr/share/R/help',
      '/usr/lib/R/etc/repaired',
      'main: standard output (numbers and names)',
      'main: /out.enc (its bytes are others each time)',
      `keepset shrink --drop '${ODD}' … IMAGE COMMAND`,
    ])
      expect(main).toContain(text);
    expect(await page.locator('#packages tbody tr').count()).toBe(3);
    expect(await page.locator('#libraries tbody tr').count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('shows which process made which, what each executed, and what that loaded', async () => {
    await using opened = await openPage(file);
    const { page, complaints } = opened;
    await page.locator('#runs summary').click();
    const tree = page.locator('#runs .processes');
    expect(await tree.locator('> li').count()).toBe(1);
    expect(await tree.locator('li li li').textContent()).toBe(
      `9 '${ODD}' 0 libraries, then R -e 'plot(1)' 1 library`,
    );
    expect(await tree.locator('> li > ul > li').first().textContent()).toMatch(/^7 as its parent/);
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('keeps nobody out: %s', async (colorScheme) => {
    await using opened = await openPage(file, { colorScheme });
    await opened.page.locator('#search-input').fill('usr');
    await opened.page.locator('.results button').first().click();
    await opened.page.locator('#programs summary').first().click();
    expect(await seriousFaults(opened.page)).toEqual([]);
    await opened.page.locator('#theme').click();
    expect(await opened.page.locator('html').getAttribute('data-theme')).toBe(
      colorScheme === 'dark' ? 'light' : 'dark',
    );
    expect(await seriousFaults(opened.page)).toEqual([]);
  });

  it('is zoomed by mouse, and back by the way that it tells', async () => {
    await using opened = await openPage(file);
    const { page, complaints } = opened;
    const told = page.locator('.map-told');
    expect(await told.textContent()).toBe('/: 10.7 MB, 700.0 kB kept (6.5 %), 6 files');
    await page.getByRole('button', { name: /^usr, 8\.7 MB, 700.0 kB kept/ }).click();
    await page.getByRole('button', { name: /^share, 5\.0 MB, removed/ }).click();
    expect(await told.textContent()).toBe('/usr/share: 5.0 MB, removed, 2 files');
    await page
      .getByRole('navigation', { name: 'Place in the map' })
      .getByRole('button', { name: '/' })
      .click();
    expect(await told.textContent()).toMatch(/^\/: 10\.7 MB/);
    expect(complaints).toEqual([]);
  });

  it('is zoomed by keyboard: in, to the neighbours, out to where one came from', async () => {
    await using opened = await openPage(file);
    const { page } = opened;
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await page.locator('.cell[tabindex="0"]').focus();
    expect(await focused()).toMatch(/^usr, /);
    await page.keyboard.press('Enter');
    expect(await page.locator('.map-told').textContent()).toMatch(/^\/usr: /);
    expect(await focused()).toMatch(/^share, /);
    await page.keyboard.press('End');
    const last = await focused();
    await page.keyboard.press('Home');
    expect(await focused()).not.toBe(last);
    const labels = new Set<string | null | undefined>([await focused()]);
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowUp']) {
      await page.keyboard.press(key);
      labels.add(await focused());
    }
    expect(labels.size).toBe(3);
    await page.keyboard.press('Escape');
    expect(await focused()).toMatch(/^usr, /);
    // One stop for the whole map.
    expect(await page.locator('.cell[tabindex="0"]').count()).toBe(1);
  });

  it('shows the result alone, and packages', async () => {
    await using opened = await openPage(file);
    const { page } = opened;
    await page.getByLabel('result', { exact: true }).check();
    const cells = async () =>
      await page.locator('.cell').evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label')));
    expect(await cells()).toEqual(['usr, 8.7 MB, 700.0 kB kept (8.0 %)']);
    await page.getByLabel('package', { exact: true }).check();
    expect(await cells()).toEqual(['deb, 3.7 MB, 700.0 kB kept (18.9 %)']);
    await page.getByLabel('source', { exact: true }).check();
    expect(await cells()).toEqual([
      'pypi, 4.0 MB, removed',
      'deb, 3.7 MB, 700.0 kB kept (18.9 %)',
      'of no package, 3.0 MB, removed',
    ]);
  });

  it('finds kept and removed paths, and tells why', async () => {
    await using opened = await openPage(file);
    const { page, complaints } = opened;
    const search = async (text: string) => {
      await page.locator('#search-input').fill(text);
      return await page.locator('.results li').allInnerTexts();
    };
    expect(await search('BIN r')).toEqual([expect.stringContaining('/usr/bin/R')]);
    await page.locator('.results button').click();
    expect(await page.locator('.detail').textContent()).toMatch(
      /is keptbelongs to alpha 0\.0 \(deb\) {2}a directory on the way to \/usr\/bin\/R\n {4}run "main": execute by sh/,
    );
    expect(await search('removed')).toEqual([
      expect.stringMatching(/^removed \/usr\/lib\/removed\.so 3\.0 MB$/),
    ]);
    await page.locator('.results button').click();
    expect(await page.locator('.detail').textContent()).toContain('is removed: no run and no rule needs it');
    expect(await search('onerror')).toEqual([expect.stringContaining(ODD)]);
    await page.locator('.results button').click();
    expect(await page.locator('.detail h3').textContent()).toBe(ODD);
    expect(await search('nothing like it')).toEqual([]);
    expect(await page.locator('#search [role=status]').textContent()).toBe('0 paths');
    expect(complaints).toEqual([]);
  });

  it('tells that what was written for the result is generated, whatever the source has there', async () => {
    await using opened = await openPage(file);
    const { page } = opened;
    for (const path of ['/var/lib/dpkg/status.d/alpha', '/usr/share/doc/big']) {
      await page.locator('#search-input').fill(path);
      await page.locator('.results button').click();
      expect(await page.locator('.detail').textContent()).toMatch(/is generated: .* {2}package metadata$/);
    }
  });

  it('has the search above the map', async () => {
    await using opened = await openPage(file);
    const ids = () =>
      opened.page.locator('main > section').evaluateAll((all) => all.map((section) => section.id));
    expect((await ids()).slice(0, 3)).toEqual(['sizes', 'search', 'map']);
    const links = opened.page.locator('#sections a');
    expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')?.slice(1)))).toEqual(
      await ids(),
    );
  });

  it('draws what was kept in the colour of its kind, and names each', async () => {
    await using opened = await openPage(file);
    const { page } = opened;
    const bands = await page
      .locator('.fill')
      .evaluateAll((all) => all.map((fill) => (fill as HTMLElement).style.getPropertyValue('--bands')));
    for (const kind of ['library', 'program'])
      expect(bands.filter((band) => band.includes(`var(--${kind})`))).not.toEqual([]);
    expect(bands.filter((band) => band.includes('var(--data)'))).toEqual([]);
    const colours = await page
      .locator('.legend .swatch')
      .evaluateAll((all) => all.map((swatch) => getComputedStyle(swatch).background));
    expect(new Set(colours).size).toBe(6);
  });

  it.each([320, 390, 1280])(
    'at %i pixels nothing is left to be drawn, or to be scrolled to the side',
    async (width) => {
      await using opened = await openPage(file, { viewport: { width, height: 844 } });
      const { page } = opened;
      // What a browser leaves out until it is scrolled to is a blank stretch in a picture of the whole page.
      const leftOut = await page
        .locator('main > section > *')
        .evaluateAll(
          (all) =>
            all.filter(
              (each) => each.checkVisibility() !== each.checkVisibility({ contentVisibilityAuto: true }),
            ).length,
        );
      expect(leftOut).toBe(0);
      await page.locator('#search-input').fill('odd');
      await page.locator('.results button').click();
      await page.locator('#programs summary').first().click();
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(beyond).toBe(0);
    },
  );

  it('tells of a file that is chosen in the map', async () => {
    await using opened = await openPage(file);
    const { page } = opened;
    for (const name of [/^usr,/, /^lib,/, /^removed\.so,/]) await page.getByRole('button', { name }).click();
    expect(await page.locator('.detail h3').textContent()).toBe('/usr/lib/removed.so');
  });

  it('sorts and filters the packages', async () => {
    await using opened = await openPage(file);
    const { page } = opened;
    const names = () => page.locator('#packages tbody th').allInnerTexts();
    expect(await names()).toEqual(['gamma', 'beta', 'alpha']);
    const head = page.locator('#packages th', { hasText: 'Package' });
    await head.getByRole('button').click();
    expect(await names()).toEqual(['alpha', 'beta', 'gamma']);
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    await head.getByRole('button').click();
    expect(await names()).toEqual(['gamma', 'beta', 'alpha']);
    await page.locator('#packages').getByRole('button', { name: 'Installed', exact: true }).click();
    expect(await names()).toEqual(['alpha', 'beta', 'gamma']);
    await page.locator('#packages input').fill('DEB: be');
    expect(await names()).toEqual(['beta']);
  });

  it('prints without what only works on a screen', async () => {
    await using opened = await openPage(file, { colorScheme: 'dark' });
    const { page } = opened;
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('#search').isVisible()).toBe(false);
    expect(await page.locator('#theme').isVisible()).toBe(false);
    expect(await page.locator('#packages tbody tr').first().isVisible()).toBe(true);
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(colour).toBe('rgb(255, 255, 255)');
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
  });
});

it('holds an old manifest, of which little is known', async () => {
  const { packages: _, verdict: __, platform: ___, ...older } = DATA;
  const data = {
    ...older,
    source: { id: 'sha256:1' },
    result: { id: 'sha256:2' },
    runs: [],
    programs: [],
    warnings: [],
  };
  await using opened = await openPage(await write('old.html', data));
  const text = await opened.page.locator('main').textContent();
  expect(text).toContain('10.7 MB → 700.0 kB');
  expect(text).toContain('The manifest does not tell of packages.');
  expect(text).toContain('Nothing was run');
  expect(await seriousFaults(opened.page)).toEqual([]);
  expect(opened.complaints).toEqual([]);
});

it('says so when its data is cut', async () => {
  const whole = await pageOf(DATA);
  const cut = join(folder, 'cut.html');
  writeFileSync(cut, whole.replace(/(id="data">.{200})[^<]*/, '$1'));
  await using opened = await openPage(cut);
  expect(await opened.page.getByRole('alert').textContent()).toMatch(/^This page cannot be unpacked: /);
});

it('of 65,000 files is below 3 MB, and the same text each time', async () => {
  let state = 1;
  const random = (below: number) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  const entries = Array.from({ length: 65_000 }, (_, index): ReportEntry => {
    const isKept = index % 5 === 0;
    return {
      path: `/usr/lib/folder-${random(900)}/part-${random(40)}/name-${random(1e9).toString(36)}-${index}`,
      type: 'file',
      sizeBytes: random(200_000),
      state: isKept ? 'kept' : 'removed',
      owners: [random(400)],
      why: isKept
        ? [`  run "main": open by Rscript document.R (openat, line ${random(90_000)}, ${random(9)} times)`]
        : [],
      programs: isKept ? [0] : [],
    };
  });
  const page = await pageOf({ ...DATA, entries });
  expect(page.length).toBeLessThan(3e6);
  expect(await pageOf({ ...DATA, entries })).toBe(page);
  const large = join(folder, 'large.html');
  writeFileSync(large, page);
  await using opened = await openPage(large);
  expect(await opened.page.locator('.map-told').textContent()).toMatch(/, 65,000 files$/);
  const name = entries[12345]?.path ?? '';
  await opened.page.locator('#search-input').fill(name);
  expect(await opened.page.locator('.results li').allInnerTexts()).toEqual([expect.stringContaining(name)]);
  expect(opened.complaints).toEqual([]);
});

it('in light and dark looks like this', async () => {
  const output = new URL('../../../test-output/', import.meta.url).pathname;
  mkdirSync(output, { recursive: true });
  const shots: Buffer[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 1280]) {
      await using opened = await openPage(file, { colorScheme, viewport: { width, height: 844 } });
      const path = join(output, `report-${width}-${colorScheme}.png`);
      shots.push(await opened.page.screenshot({ path, fullPage: true }));
    }
  }
  expect(new Set(shots.map((shot) => shot.toString('base64'))).size).toBe(4);
});
