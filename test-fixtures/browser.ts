// A real browser for the tests of pages: Debian's Chromium, installed where it is missing.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { ensurePrograms } from './ensure-programs.ts';

export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  /** What went wrong so far: errors of the page, and requests for anything but the file, or its site. */
  readonly complaints: readonly string[];
}

/** @param args  of Chromium, beside what it needs here */
async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  await ensurePrograms('chromium');
  // Root's Chromium refuses its sandbox; the pages are ours.
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  return await chromium.launch({ executablePath, args: ['--no-sandbox', ...args] });
}

/**
 * Visit pages of a server as people do, on screens of two densities.
 *
 * @param address  HOST:PORT of the server, which answers for `http://localhost/` then
 * @param paths  of pages
 * @returns what was asked of it: paths with their queries → the status of the answer
 */
export async function visitPages(
  address: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const browser = await launchBrowser([`--host-resolver-rules=MAP localhost:80 ${address}`]);
  const answers = new Map<string, number>();
  try {
    for (const deviceScaleFactor of [1, 2]) {
      // One context for each: what a browser has in its cache it does not ask for.
      const page = await browser.newPage({ deviceScaleFactor, viewport: { width: 1200, height: 900 } });
      page.on('response', (response) => {
        const { host, pathname, search } = new URL(response.url());
        if (host === 'localhost') answers.set(pathname + search, response.status());
      });
      // Other tests start containers, which the browser sees as another network, and gives up its requests.
      let isDisturbed = false;
      page.on('requestfailed', (request) => {
        isDisturbed ||= request.failure()?.errorText === 'net::ERR_NETWORK_CHANGED';
      });
      for (const path of paths)
        do {
          isDisturbed = false;
          await page.goto(`http://localhost${path}`, { waitUntil: 'networkidle' }).catch((error) => {
            if (!isDisturbed) throw error;
          });
        } while (isDisturbed);
      await page.close();
    }
  } finally {
    await browser.close();
  }
  return answers;
}

/** Open a file of this machine as a user does who double-clicks it. */
export async function openPage(file: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const address = pathToFileURL(file).href;
  const opened = await open(address, (url) => url === address, options);
  await opened.page.locator('main:not([aria-busy])').waitFor();
  return opened;
}

/** Whose pages lie in a folder: no network is asked, which other tests change while they start containers. */
const ORIGIN = 'http://site.test/';

/**
 * Open a page of a site that lies in a folder, and nothing else is reached.
 *
 * @param path  of the page, from the folder: `guides/ci.html`
 */
export async function openSite(
  folder: string,
  path: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const serve = async (page: Page) => {
    await page.route(`${ORIGIN}**`, async (route) => {
      const file = join(folder, decodeURIComponent(new URL(route.request().url()).pathname));
      await (existsSync(file) ? route.fulfill({ path: file }) : route.fulfill({ status: 404 }));
    });
  };
  return await open(ORIGIN + path, (url) => url.startsWith(ORIGIN), options, serve);
}

async function open(
  address: string,
  isOwn: (url: string) => boolean,
  options: BrowserContextOptions,
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<OpenedPage> {
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!isOwn(request.url())) complaints.push(`a request for ${request.url()}`);
  });
  await prepare(page);
  await page.goto(address);
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
