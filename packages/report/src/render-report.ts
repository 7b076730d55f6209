import { readFile } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { DATA_MARK } from './data-mark.js';
import { packedText } from './packed-data.js';
import type { ReportData } from './report-data.js';

/** Built from src/page; beside the compiled code, and where the sources see it as well. */
const PAGE = new URL('../dist/page.html', import.meta.url);

const LEVEL_MAX = 9;

/**
 * The record of a shrink as one HTML page that needs nothing else: no network, no other file. The same data gives the
 * same page.
 *
 * @returns the text of the page, in UTF-8, in pieces: a page of a million paths is never held
 * @throws Error  the package was not built
 * @example await writeFile('report.html', renderReport(data))
 */
export async function* renderReport(data: ReportData): AsyncGenerator<string> {
  const page = await readFile(PAGE, 'utf8');
  const at = page.indexOf(DATA_MARK);
  yield page.slice(0, at);
  // Base64 has no character that would end the element.
  yield* toBase64(zipped(packedText(data)));
  yield page.slice(at + DATA_MARK.length);
}

function zipped(text: Iterable<string>): AsyncIterable<Buffer> {
  const gzip = createGzip({ level: LEVEL_MAX });
  // An error of one ends the other, whose reader is told.
  pipeline(Readable.from(text), gzip, () => {});
  return gzip;
}

/** Three bytes are four characters. */
const GROUP_BYTES = 3;

async function* toBase64(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.length - (bytes.length % GROUP_BYTES);
    yield bytes.toString('base64', 0, end);
    rest = bytes.subarray(end);
  }
  yield rest.toString('base64');
}
