import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage, seriousFaults } from '../../../test-fixtures/browser.ts';
import { connectTestEngine, ensureBase, ensureImage } from '../../../test-fixtures/images.ts';
import { runKeepset } from './run-keepset.ts';

let engine: Engine;
let summary: string;
const folder = mkdtempSync(join(tmpdir(), 'test-report-'));
const page = join(folder, 'report.html');
const output = new URL('../../../test-output/', import.meta.url).pathname;
const keepset = (...args: string[]) => runKeepset(folder, args);

beforeAll(async () => {
  engine = await connectTestEngine();
  const image = await ensureImage(engine, 'research');
  const files = ['--manifest', 'm.json', '--report', 'report.html', '-o', 'type=tar,dest=small.tar'];
  const { status, stderr } = await keepset('shrink', '--network', 'none', ...files, image);
  expect(status).toBe(0);
  summary = stderr;
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe('the report of the research image', () => {
  it('is one small page without a fault, in light and dark', async () => {
    expect(statSync(page).size).toBeLessThan(3e6);
    mkdirSync(output, { recursive: true });
    for (const colorScheme of ['light', 'dark'] as const) {
      await using opened = await openPage(page, { colorScheme });
      const map = opened.page.locator('#map');
      expect(await map.locator('.fill').count()).toBeGreaterThan(30);
      expect(await map.locator('.map-told').textContent()).toMatch(/^\/: 2\.\d+ GB, 1\d\d\.\d MB kept/);
      expect(await seriousFaults(opened.page)).toEqual([]);
      await opened.page.screenshot({ path: join(output, `research-${colorScheme}.png`) });
      expect(opened.complaints).toEqual([]);
    }
  });

  it('has the numbers and the verdict of the summary', async () => {
    await using opened = await openPage(page);
    const rowOf = (title: string) => summary.match(new RegExp(`^${title} +(.*)$`, 'm'))?.[1] ?? 'no such row';
    const fact = (title: string) =>
      opened.page
        .locator('#sizes .facts > div', { hasText: new RegExp(`^${title}`) })
        .locator('dd')
        .textContent();
    for (const title of ['entries', 'verified']) expect(await fact(title)).toBe(rowOf(title));
    const size = (await opened.page.locator('.headline').textContent()) ?? '';
    expect(rowOf('size')).toContain(size);
    const largest = opened.page.locator('#packages tbody tr').first();
    const [name, kept] = await largest.locator('th, td').allTextContents();
    expect(rowOf('kept')).toContain(`${name} ${kept}, `);
    expect(await opened.page.locator('#next pre').allTextContents()).toEqual([
      expect.stringMatching(/^keepset shrink --drop /),
      expect.stringMatching(/^keepset cost /),
      expect.stringMatching(/^keepset doctor /),
    ]);
  });

  it('tells of each path what why tells', async () => {
    await using opened = await openPage(page);
    for (const path of ['/usr/bin/Rscript', '/usr/lib/R/lib/libR.so', '/usr/bin/pandoc']) {
      await opened.page.locator('#search-input').fill(path);
      await opened.page.locator('.results button').first().click();
      const [state = '', ...why] = (await keepset('why', 'm.json', path)).stdout.trimEnd().split('\n');
      const told = (await opened.page.locator('.detail').textContent()) ?? '';
      expect(told).toContain(state.slice(path.length + 1));
      const chain = why.filter((line) => !line.startsWith('  belongs to'));
      expect(told).toContain(chain.join('\n'));
    }
  });

  it('has the packages that packages tells of, and sorts them', async () => {
    await using opened = await openPage(page);
    const { stdout } = await keepset('packages', 'm.json', '--sort', 'bytes', '--json');
    const [first] = JSON.parse(stdout).packages;
    const table = opened.page.locator('#packages');
    await table.getByRole('button', { name: 'Used', exact: true }).click();
    const name = await table.locator('tbody th').first().textContent();
    expect(name).toBe(first.package.name);
  });
});

it('needs no manifest that somebody keeps', async () => {
  const base = await ensureBase(engine);
  const temporary = mkdtempSync(join(tmpdir(), 'test-report-tmp-'));
  const options = ['--report', 'only.html', '-o', 'type=tar,dest=only.tar', '--network', 'none'];
  const args = ['shrink', ...options, base, 'cat', '/etc/debian_version'];
  const { status, stderr } = await runKeepset(folder, args, { TMPDIR: temporary });
  expect(stderr).toMatch(/^written {3}only\.html \(report\)$/m);
  expect(stderr).toMatch(/^removed {3}\S+ [\d.]+ MB, /m);
  expect(status).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
  await using opened = await openPage(join(folder, 'only.html'));
  await opened.page.locator('#search-input').fill('debian_version');
  const results = await opened.page.locator('.results li').allTextContents();
  expect(results).toEqual([expect.stringMatching(/^kept \/etc\/debian_version /)]);
  rmSync(temporary, { recursive: true });
});

it('is written from the manifest alone as well', async () => {
  expect(await keepset('report', '-o', 'again.html', 'm.json')).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(statSync(join(folder, 'again.html')).size).toBe(statSync(page).size);
});

it.each<[string[], number, RegExp]>([
  [['m.json'], 2, /no page given/],
  [['-o', 'x.html'], 2, /no manifest given/],
  [['m.json', '-o', '/no/such/x.html'], 2, /-o: cannot write \/no\/such\/x.html \(ENOENT\)/],
  [['m.json', 'm.json', '-o', 'x.html'], 2, /unexpected argument 'm.json'/],
  [['report.html', '-o', 'x.html'], 1, /cannot read the manifest report.html/],
])('%j is refused', async (args, exitStatus, message) => {
  const { status, stdout, stderr } = await keepset('report', ...args);
  expect({ status, stdout }).toEqual({ status: exitStatus, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
});
