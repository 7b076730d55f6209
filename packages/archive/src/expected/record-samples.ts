import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Content, FileState, RunOutcome } from '@keepset/run-comparison';
import { printPath } from '@keepset/strace-parser';
import { plainName } from '../contents/plain-name.js';
import type { Clock } from '../dates/clock.js';
import { datedText } from '../dates/dated-text.js';
import { DATES_MAX, type DateField, findDates } from '../dates/find-dates.js';
import type {
  DepositFile,
  ExpectedContent,
  ExpectedFile,
  ExpectedSample,
  ExpectedStep,
} from '../deposit/deposit.js';

export interface RecordOptions {
  /** The `data` of the deposit. */
  readonly folder: string;
  /** Where in it: `expected/1-main` */
  readonly at: string;
  /** What is larger is known by its hash alone. */
  readonly contentBytesMax: number;
  /** Of all runs that gave a content: what they all show may be the date of the run. Default: none is looked for. */
  readonly clocksOf?: (sha256: string) => readonly Clock[];
}

/** Keeps what runs gave. */
export interface SampleRecorder {
  /** Of all samples; each content is there once. */
  readonly files: readonly DepositFile[];
  record(outcome: RunOutcome): Promise<ExpectedSample>;
}

/** Write down what one run gave, each time that it was run. */
export function createRecorder({
  folder,
  at,
  contentBytesMax,
  clocksOf = () => [],
}: RecordOptions): SampleRecorder {
  const kept = new Map<string, ExpectedContent>();
  const files: DepositFile[] = [];
  let samples = 0;
  const keep = async (content: Content, path: string): Promise<ExpectedContent> => {
    const { sha256, sizeBytes, read } = content;
    const known = kept.get(sha256);
    if (known !== undefined) return known;
    if (sizeBytes > contentBytesMax) return { sha256, sizeBytes };
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await pipeline(Readable.from(read()), createWriteStream(file, { flags: 'wx' }));
    files.push({ path, sha256, sizeBytes });
    const dates = await datesOf(content, clocksOf(sha256));
    const expected = { sha256, sizeBytes, at: path, ...(dates.length > 0 && { dates }) };
    kept.set(sha256, expected);
    return expected;
  };
  return {
    files,
    async record({ exitStatus = NOT_STARTED, stdout, stderr, steps = [], files: left }) {
      samples++;
      const place = samples === 1 ? at : `${at}/sample-${samples}`;
      const sample = {
        exitStatus,
        stdout: await keep(stdout, `${place}/stdout`),
        stderr: await keep(stderr, `${place}/stderr`),
      };
      const answers: ExpectedStep[] = [];
      for (const [index, { name, exitStatus: status, stdout, stderr }] of steps.entries()) {
        const at = `${place}/steps/${numberOf(index)}`;
        answers.push({
          name,
          ...(status !== undefined && { exitStatus: status }),
          stdout: await keep(stdout, `${at}/stdout`),
          stderr: await keep(stderr, `${at}/stderr`),
        });
      }
      const sorted = [...left].sort(([one], [other]) => (one < other ? -1 : 1));
      const states: ExpectedFile[] = [];
      for (const [index, [path, state]] of sorted.entries()) {
        const name = `${place}/files/${numberOf(index)}-${plainName(posix.basename(path))}`;
        states.push(await toExpected(path, state, (content) => keep(content, name)));
      }
      return { ...sample, ...(answers.length > 0 && { steps: answers }), files: states };
    },
  };
}

async function datesOf(content: Content, clocks: readonly Clock[]): Promise<readonly DateField[]> {
  const text = clocks.length === 0 ? undefined : await datedText(content);
  const dates = text === undefined ? [] : findDates(text, clocks);
  return dates.length > DATES_MAX ? [] : dates;
}

/** @example numberOf(0) // '001' */
function numberOf(index: number): string {
  return `${index + 1}`.padStart(3, '0');
}

/** As a shell says it of a command that cannot be run. */
const NOT_STARTED = 126;

async function toExpected(
  path: string,
  { type, mode, uid, gid, linkTarget, content }: FileState,
  keep: (content: Content) => Promise<ExpectedContent>,
): Promise<ExpectedFile> {
  return {
    path: printPath(path),
    type,
    mode,
    uid,
    gid,
    ...(linkTarget !== undefined && { linkTarget: printPath(linkTarget) }),
    ...(content !== undefined && { content: await keep(content) }),
  };
}
