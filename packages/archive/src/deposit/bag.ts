import { createHash } from 'node:crypto';
import type { DepositFile } from './deposit.js';
import { plainLine } from './quote.js';

/** The file by which all others are known: it lists the lists. */
export const TAG_SUMS = 'tagmanifest-sha256.txt';
/** Of that file, where it was signed; it can be in no list. */
export const SIGNATURE = `${TAG_SUMS}.sig`;

/** What a bag says of itself. */
export interface BagFacts {
  readonly title: string;
  /** ISO 8601 */
  readonly created: string;
  readonly toolVersion: string;
}

/**
 * The tag files of a bag, by name: they stand beside `data`.
 *
 * @param files  below `data`, all of them
 * @see RFC 8493, "The BagIt File Packaging Format (V1.0)"
 */
export function bagTexts(
  files: readonly DepositFile[],
  { title, created, toolVersion }: BagFacts,
): ReadonlyMap<string, string> {
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const texts = new Map([
    ['bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'],
    [
      'bag-info.txt',
      `External-Description: ${plainLine(title)}
Bagging-Date: ${created.slice(0, 10)}
Payload-Oxum: ${sizeBytes}.${files.length}
Bag-Software-Agent: keepset ${plainLine(toolVersion)}
`,
    ],
    ['manifest-sha256.txt', checksumText(files.map(({ path, sha256 }) => [`data/${path}`, sha256]))],
  ]);
  const sums = [...texts].map(([name, text]) => [name, sha256Of(text)] as const);
  return texts.set(TAG_SUMS, checksumText(sums));
}

function checksumText(sums: readonly (readonly [path: string, sha256: string])[]): string {
  return sums
    .map(([path, sha256]) => `${sha256}  ${encodeBagPath(path)}\n`)
    .sort((one, other) => (one.slice(66) < other.slice(66) ? -1 : 1))
    .join('');
}

/** @see RFC 8493, 2.1.3: what would end a line, and the sign by which it is escaped */
function encodeBagPath(path: string): string {
  return path.replace(/[%\r\n]/g, encodeURIComponent);
}

/** The other way round. */
export function decodeBagPath(text: string): string {
  return text.replace(/%(25|0a|0d)/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
