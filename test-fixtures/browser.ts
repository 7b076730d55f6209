// A real browser for the tests of pages: Debian's Chromium, installed where it is missing.
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { ensurePrograms } from './ensure-programs.ts';

export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  /** What went wrong so far: errors of the page, and requests for anything but the file. */
  readonly complaints: readonly string[];
}

/** Open a file of this machine as a user does who double-clicks it. */
export async function openPage(file: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  await ensurePrograms('chromium');
  // Root's Chromium refuses its sandbox; the page is one of ours.
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options });
  const address = pathToFileURL(file).href;
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (request.url() !== address) complaints.push(`a request for ${request.url()}`);
  });
  await page.goto(address);
  await page.locator('main:not([aria-busy])').waitFor();
  return { page, complaints, [Symbol.asyncDispose]: () => browser.close() };
}

/** What axe-core finds that keeps people out: its serious and critical faults. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
