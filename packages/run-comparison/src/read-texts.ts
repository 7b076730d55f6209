import type { Content } from './run-outcome.js';

/** Larger contents are neither text nor taken apart: they vary by bytes. */
export const HELD_BYTES_MAX = 16 * 1024 * 1024;

/** Control characters but for those that move the cursor or change colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant.
const NO_TEXT = /[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]/;

/** As byte strings; undefined when one of them is too large or no text. */
export async function readTexts(contents: readonly Content[]): Promise<string[] | undefined> {
  if (contents.some(({ sizeBytes }) => sizeBytes > HELD_BYTES_MAX)) return undefined;
  const known = new Map<string, string>();
  for (const content of contents) {
    if (known.has(content.sha256)) continue;
    const text = Buffer.concat(await Array.fromAsync(content.read())).toString('latin1');
    if (NO_TEXT.test(text)) return undefined;
    known.set(content.sha256, text);
  }
  return contents.map(({ sha256 }) => known.get(sha256) as string);
}
