import { type Content, readBeginning, toContent } from '@keepset/run-comparison';
import type { Printed } from './compare-containers.js';

const NEWLINE = 10;

/**
 * What a program had printed at a moment, in whole lines.
 *
 * @param bytes  of each stream, that had come by then
 */
export async function printedUntil(
  { stdout, stderr }: Printed,
  bytes: Readonly<Record<keyof Printed, number>>,
): Promise<Printed> {
  return { stdout: await until(stdout, bytes.stdout), stderr: await until(stderr, bytes.stderr) };
}

async function until(content: Content, bytes: number): Promise<Content> {
  if (bytes >= content.sizeBytes) return content;
  const begun = await readBeginning(content, bytes);
  return toContent(begun.subarray(0, begun.lastIndexOf(NEWLINE) + 1));
}
