import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { DATA_MARK } from './data-mark.js';
import { packData } from './packed-data.js';
import type { ReportData } from './report-data.js';

/** Built from src/page; beside the compiled code, and where the sources see it as well. */
const PAGE = new URL('../dist/page.html', import.meta.url);

const LEVEL_MAX = 9;

/**
 * The record of a shrink as one HTML page that needs nothing else: no network, no other file. The same data gives the
 * same page.
 *
 * @returns the text of the page, in UTF-8
 * @throws Error  the package was not built
 * @example await writeFile('report.html', await renderReport(data))
 */
export async function renderReport(data: ReportData): Promise<string> {
  const page = await readFile(PAGE, 'utf8');
  const json = JSON.stringify(packData(data));
  const packed = await promisify(gzip)(json, { level: LEVEL_MAX });
  // Base64 has no character that would end the element, or mean anything in a replacement.
  return page.replace(DATA_MARK, packed.toString('base64'));
}
