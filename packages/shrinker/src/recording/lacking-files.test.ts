import { compareRuns, toContent } from '@keepset/run-comparison';
import { expect, it } from 'vitest';
import { type ContainerDid, compareContainers } from './compare-containers.js';
import { toLackingFiles } from './lacking-files.js';
import { parseRecording } from './parse-recording.js';
import type { Recording } from './recording.js';

const did = (stdout: string, exitStatus: number | null, execStdout: string): ContainerDid => ({
  ...{ exitStatus, stdout: toContent(stdout), stderr: toContent('') },
  execs: [{ command: ['ls'], exitStatus: 0, stdout: toContent(execStdout), stderr: toContent('') }],
});
const outcome = ({ exitStatus, execs, ...streams }: ContainerDid) => ({
  ...{ ...streams, exitStatus: exitStatus ?? -1, files: new Map() },
  steps: execs.map((exec) => ({ ...exec, name: 'ls', exitStatus: exec.exitStatus ?? -1 })),
});
const image = { references: ['a'], id: `sha256:${'0'.repeat(64)}`, architecture: 'amd64' };

it('what differed comes out of a recording as the comparison said it', async () => {
  const [before, now] = [did('é one\nx\n', 0, 'a\n'), did('é two\n', 1, 'b: not found\n')];
  const { differences } = await compareContainers([before], now);
  const repairs = [{ traceFile: 'traces/0.repair-1.trace', runs: [{ name: '1-a', differences }] }];
  const recording: Recording = {
    recordingVersion: 1,
    tool: { name: 'keepset', version: '1' },
    ...{ program: 'make', exitStatus: 0, containers: [], untraced: [] },
    images: [{ ...image, repairs }],
  };
  const [read] = parseRecording(JSON.stringify(recording)).images;
  const [lacking] = toLackingFiles('/run', read ?? {});
  expect(lacking?.file).toBe('/run/traces/0.repair-1.trace');
  const told = (await compareRuns([outcome(before)], outcome(now))).differences;
  const known = told.map((difference) => {
    const { heldAgainst: _, ...rest } = difference as typeof difference & { heldAgainst?: unknown };
    return rest;
  });
  expect(lacking?.differences.get('1-a')).toEqual(known);
});

it.each(['../x.trace', 'traces/../x.trace', '/x.trace'])(
  'a repair reads no file elsewhere: %s',
  (traceFile) => {
    const text = JSON.stringify({
      recordingVersion: 1,
      tool: { name: 'keepset', version: '1' },
      ...{ program: 'make', exitStatus: 0, containers: [], untraced: [] },
      images: [{ ...image, repairs: [{ traceFile, runs: [] }] }],
    });
    expect(() => parseRecording(text)).toThrow('expected traces/NAME.trace');
  },
);
