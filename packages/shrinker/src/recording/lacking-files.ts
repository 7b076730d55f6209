import { join } from 'node:path';
import type { Difference } from '@keepset/run-comparison';
import type { LackingFile } from '../trace-file/replay.js';
import type { RecordedImage } from './recording.js';
import type { ContainerDifference } from './recording-proof.js';

/** What small images of a source turned out to lack, as a shrink of its traces takes it. */
export function toLackingFiles(
  folder: string,
  { repairs = [] }: Pick<RecordedImage, 'repairs'>,
): readonly LackingFile[] {
  return repairs.map(({ traceFile, runs }) => ({
    file: join(folder, traceFile),
    differences: new Map(runs.map(({ name, differences }) => [name, differences.map(toDifference)])),
  }));
}

function toDifference({ where, exec, line = 1, recorded, now }: ContainerDifference): Difference {
  const ofStep = exec === undefined ? {} : { step: exec };
  if (where === 'exit status')
    return { kind: 'exit-status', ...ofStep, source: toStatus(recorded) ?? NOT_ENDED, result: toStatus(now) };
  return { kind: 'output', stream: where, ...ofStep, line, source: toBytes(recorded), result: toBytes(now) };
}

const NOT_ENDED = -1;

function toStatus(value: ContainerDifference['now']): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Texts of comparisons are byte strings. */
function toBytes(value: ContainerDifference['now']): string | undefined {
  return value === null ? undefined : Buffer.from(String(value)).toString('latin1');
}
