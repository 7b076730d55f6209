import type { Content } from '@keepset/run-comparison';
import type { EndedRun } from './run-in.js';
import type { RunScope } from './run-scope.js';
import { ShrinkError } from './shrink-error.js';

const NAMES = { stdout: 'standard output', stderr: 'standard error' } as const;

/**
 * What a run prints in the source must be what its author expects.
 *
 * @throws ShrinkError EXPECTATION_FAILED
 */
export async function requireOutput(
  { name, work: { request } }: Pick<RunScope, 'name' | 'work'>,
  { output }: Pick<EndedRun, 'output'>,
): Promise<void> {
  for (const stream of ['stdout', 'stderr'] as const) {
    const pattern = request.expect?.[stream];
    if (pattern === undefined || pattern.test(await beginningOf(output[stream]))) continue;
    throw new ShrinkError(
      'EXPECTATION_FAILED',
      `the ${NAMES[stream]} of the run '${name}' has nothing like ${pattern.source} in the source image, so no image was made`,
    );
  }
}

/** A pattern is for what people read. */
const READ_BYTES_MAX = 16 * 1024 * 1024;

async function beginningOf(content: Content): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of content.read()) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes >= READ_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
