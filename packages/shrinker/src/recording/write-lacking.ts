import { join } from 'node:path';
import type { Recorded } from '@keepset/recorder';
import { matchContainers } from './match-containers.js';
import { toMatched } from './prove-recording.js';
import type { RecordedImage, RecordedRepair, Recording } from './recording.js';
import type { ProvedContainer } from './recording-proof.js';
import {
  nameOfRun,
  toSourceRuns,
  traceFileOf,
  type WriteRecordingOptions,
  writeImageTrace,
} from './write-recording.js';

/** What shows in what small images lack something. */
export interface LackingOptions extends Pick<WriteRecordingOptions, 'version' | 'scratch'> {
  readonly recording: Recording;
  /** Containers that differ on small images, by their numbers in the recording. */
  readonly failing: readonly ProvedContainer[];
  /** The command's containers, traced on the small images. */
  readonly traced: Recorded;
}

/**
 * Write down what containers asked for on small images that lack something: for each image a file, beside that of the
 * recording.
 *
 * @param folder  of the recording
 * @returns the images that lack something, each with one repair more; the recording itself stays as it was
 * @throws ShrinkError RECORDING_INVALID  its folder of traces is a link
 * @example
 * const recording = await readRecording('/tmp/recording');
 * const traced = { containers: [], untraced: [] };
 * const options = { recording, failing: [], traced, version: '1', scratch: '/tmp/scratch' };
 * await writeLacking('/tmp/recording', options) // []
 */
export async function writeLacking(
  folder: string,
  { recording, failing, traced, version, scratch }: LackingOptions,
): Promise<readonly RecordedImage[]> {
  const found = matchContainers(recording.containers, traced.containers.map(toMatched));
  const lacking: RecordedImage[] = [];
  for (const image of recording.images) {
    const own = recording.containers.flatMap((facts, at) => {
      const differing = failing.find(({ number }) => number === facts.number);
      const container = traced.containers[found.get(at) ?? -1];
      if (facts.imageId !== image.id || differing === undefined || container === undefined) return [];
      return [{ facts, differing, container: { ...container, number: facts.number, name: facts.name } }];
    });
    // What could not be executed shows what it lacks as well.
    const runs = toSourceRuns(
      own.map(({ container }) => container),
      () => true,
    );
    if (runs.length === 0) continue;
    const { id, architecture, references, repairs = [] } = image;
    const traceFile = traceFileOf(image, `.repair-${repairs.length + 1}`);
    const source = { reference: references[0] ?? id, id, architecture };
    await writeImageTrace(join(folder, traceFile), runs, { version, source, scratch });
    const repair: RecordedRepair = {
      traceFile,
      runs: own.map(({ facts, differing }) => ({
        name: nameOfRun(facts),
        differences: differing.differences,
      })),
    };
    lacking.push({ ...image, repairs: [...repairs, repair] });
  }
  return lacking;
}
