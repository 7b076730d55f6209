import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Content, RunOutcome } from '@keepset/run-comparison';
import { parsePrintedPath } from '@keepset/strace-parser';
import type { ExpectedContent, ExpectedSample } from '../deposit/deposit.js';

/**
 * What a run gave, as a comparison takes it.
 *
 * @param folder  the `data` of the deposit
 */
export function restoreSample(
  { exitStatus, stdout, stderr, steps = [], files }: ExpectedSample,
  folder: string,
): RunOutcome {
  const content = ({ sha256, sizeBytes, at }: ExpectedContent): Content => ({
    sha256,
    sizeBytes,
    read: () => (at === undefined ? noBytes() : createReadStream(join(folder, at))),
  });
  return {
    exitStatus,
    stdout: content(stdout),
    stderr: content(stderr),
    steps: steps.map((step) => ({
      name: step.name,
      exitStatus: step.exitStatus,
      stdout: content(step.stdout),
      stderr: content(step.stderr),
    })),
    files: new Map(
      files.map(({ path, linkTarget, content: bytes, ...state }) => [
        parsePrintedPath(path) as string,
        {
          ...state,
          ...(linkTarget !== undefined && { linkTarget: parsePrintedPath(linkTarget) }),
          ...(bytes !== undefined && { content: content(bytes) }),
        },
      ]),
    ),
  };
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
