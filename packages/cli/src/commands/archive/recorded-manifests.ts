import { join } from 'node:path';
import type { WriteArchiveOptions } from '@keepset/archive';
import { readRecording, readSmallImages } from '@keepset/shrinker';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { plainLine } from '../../terminal/plain-text.js';

/** What was recorded had others beside it, and may be slower by itself. */
const SLOWER = 3;
const SECONDS_MORE = 60;

/**
 * The manifests that a shrink of a recording wrote. Images that it left alone are named.
 *
 * @param folder  of the recording
 * @throws UsageError  it has none; ShrinkError RECORDING_INVALID
 */
export async function recordedManifests(
  folder: string,
  console: Console,
): Promise<Pick<WriteArchiveOptions, 'manifests' | 'recordedSecondsMax'>> {
  const { containers } = await readRecording(folder);
  const { images } = await readSmallImages(folder);
  for (const each of images)
    if ('reason' in each)
      console.writeError(
        `keepset: left out: ${plainLine(each.source.references.join(', '))}: ${plainLine(each.reason)}\n`,
      );
  const names = images.flatMap((each) => ('result' in each ? [each.result.manifest] : []));
  // A name is a file of the folder, whoever wrote the recording.
  const outside = names.find((name) => !/^[\w.-]+\.json$/.test(name));
  if (outside !== undefined)
    throw new UsageError(`--recorded: '${plainLine(outside)}' is no manifest of ${folder}`, AGAIN);
  if (names.length === 0) throw new UsageError(`--recorded: ${folder} has no small images`, AGAIN);
  const seconds = Math.max(0, ...containers.map((each) => each.seconds));
  return {
    manifests: names.map((name) => join(folder, name)),
    recordedSecondsMax: Math.ceil(seconds * SLOWER) + SECONDS_MORE,
  };
}

const AGAIN = "Make the small images again: 'keepset shrink --recorded DIR'.";
