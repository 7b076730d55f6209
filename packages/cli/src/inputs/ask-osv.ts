import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type OsvRecord, toOsvRecord } from '@keepset/inventory';
import type { Console } from '../terminal/console.js';
import { OsvError } from './osv-error.js';

const SERVICE = 'https://api.osv.dev';
/** For so long an answer is not asked for again. */
const FRESH_MS = 24 * 3600 * 1000;
/** Of one question: an alias leads to others, and they back. */
const RECORDS_MAX = 100;
const TIMEOUT_MS = 30 * 1000;
/** Distributions have a record of their own for a CVE, to which no alias leads. */
const DISTRIBUTIONS = ['DEBIAN', 'UBUNTU', 'ALPINE'];

/**
 * The records of advisories at the OSV service: each, those that it names as aliases, and those of distributions. What
 * was answered is kept in a folder for a day, and used for longer when the service does not answer.
 *
 * KEEPSET_OSV_URL names another service, KEEPSET_CACHE another folder.
 *
 * @param ids  CVE-…, GHSA-…
 * @throws OsvError
 * @see the OSV API, "GET /v1/vulns/{id}"
 */
export async function askOsv(
  ids: readonly string[],
  { environment, writeError }: Pick<Console, 'environment' | 'writeError'>,
): Promise<readonly OsvRecord[]> {
  const base = (environment.KEEPSET_OSV_URL || SERVICE).replace(/\/+$/, '');
  const cache =
    environment.KEEPSET_CACHE || join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'keepset');
  const folder = join(cache, 'osv', encodeURIComponent(base));
  await mkdir(folder, { recursive: true });
  const records: OsvRecord[] = [];
  for (const id of ids) {
    const asked = new Set<string>();
    const waiting = [
      id,
      ...(/^CVE-/i.test(id) ? DISTRIBUTIONS.map((name) => `${name}-${id.toUpperCase()}`) : []),
    ];
    for (let next = waiting.shift(); next !== undefined && asked.size < RECORDS_MAX; next = waiting.shift()) {
      if (asked.has(next)) continue;
      asked.add(next);
      const record = await readRecord(next, { base, folder, writeError });
      if (record === undefined) continue;
      records.push(record);
      waiting.push(...(record.aliases ?? []));
    }
  }
  return records;
}

interface Places extends Pick<Console, 'writeError'> {
  readonly base: string;
  /** Where answers are kept. */
  readonly folder: string;
}

/** @returns undefined where the service has no such record */
async function readRecord(id: string, { base, folder, writeError }: Places): Promise<OsvRecord | undefined> {
  const file = join(folder, `${encodeURIComponent(id)}.json`);
  const kept = await stat(file).catch(() => undefined);
  if (kept !== undefined && Date.now() - kept.mtimeMs < FRESH_MS) return await readKept(file);
  try {
    const text = await fetchRecord(id, base);
    const partial = `${file}.${process.pid}`;
    await writeFile(partial, text);
    await rename(partial, file);
    return parse(text, id, base);
  } catch (error) {
    if (kept === undefined) throw error;
    writeError(
      `keepset: ${(error as Error).message}; using its answer of ${kept.mtime.toISOString()} about ${id}\n`,
    );
    return await readKept(file);
  }
}

async function readKept(file: string): Promise<OsvRecord | undefined> {
  return toOsvRecord(JSON.parse(await readFile(file, 'utf8')));
}

/** What it has not got is `null`. */
async function fetchRecord(id: string, base: string): Promise<string> {
  let answer: Response;
  let text: string;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    answer = await fetch(`${base}/v1/vulns/${encodeURIComponent(id)}`, { signal });
    text = await answer.text();
  } catch (cause) {
    throw failed(base, `does not answer (${String((cause as Error).cause ?? cause)})`, cause);
  }
  if (answer.status === 404) return 'null';
  if (!answer.ok) throw failed(base, `answers ${answer.status} to ${id}`);
  parse(text, id, base);
  return text;
}

function parse(text: string, id: string, base: string): OsvRecord | undefined {
  if (text === 'null') return undefined;
  let record: OsvRecord | undefined;
  try {
    record = toOsvRecord(JSON.parse(text));
  } catch {
    record = undefined;
  }
  if (record === undefined)
    throw failed(base, `answers to ${id} with something that is not a record of the OSV format`);
  return record;
}

function failed(base: string, why: string, cause?: unknown): OsvError {
  return new OsvError(`the OSV service at ${base} ${why}`, { cause });
}
