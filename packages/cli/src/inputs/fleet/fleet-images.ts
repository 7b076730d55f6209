import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseImageReference } from '@keepset/docker-engine';
import type { Console } from '../../terminal/console.js';
import { quoteWords } from '../../terminal/quote-words.js';
import { readProjectFile } from '../project-file.js';
import { catalogueImages, isCatalogueName } from './catalogue-images.js';
import type { FleetEntry, FleetFile } from './fleet-file.js';

/** One image of a fleet, of the entry that names it. */
export interface FleetImage {
  readonly image: string;
  readonly entry: FleetEntry;
  /** Of a recording: what was seen of it. */
  readonly traceFile?: string;
}

/** An id, by which an engine knows an image without a name. */
const ID = /^sha256:[0-9a-f]{64}$/;

/**
 * The images of a fleet, each entry's in its order.
 *
 * @throws UsageError  a file that cannot be read, a name that is none, or an image that a recording has repairs of
 * @throws EngineError  of a registry whose catalogue is asked for
 */
export async function fleetImages(
  { entries, folder }: Pick<FleetFile, 'entries' | 'folder'>,
  client: Pick<Console, 'environment' | 'workingDirectory' | 'signal'>,
): Promise<readonly FleetImage[]> {
  const images: FleetImage[] = [];
  for (const entry of entries) {
    const { image, names, recording, file } = entry;
    if (image !== undefined && isCatalogueName(image)) {
      const names = await catalogueImages(image, entry.refuse, client);
      images.push(...names.map((name) => ({ image: name, entry })));
    } else if (image !== undefined) images.push({ image, entry });
    else if (names !== undefined) images.push(...readNames(resolve(folder, names), entry));
    else if (recording !== undefined) images.push(...(await readRecorded(folder, recording, entry)));
    else if (file !== undefined) {
      const { image: own } = readProjectFile(resolve(folder, file), { ...client, workingDirectory: folder });
      if (own === undefined) throw entry.refuse(`${file} names no image`, 'Add image there, or here.');
      images.push({ image: own, entry });
    }
  }
  for (const { image, entry } of images) requireName(image, entry.refuse);
  return images;
}

/** @throws UsageError  it is no name; a word that begins with a dash would be an option */
function requireName(image: string, refuse: FleetEntry['refuse']): void {
  if (ID.test(image)) return;
  try {
    parseImageReference(image);
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    throw refuse(message, hint);
  }
}

/** A name a line; # begins a comment line. */
function readNames(file: string, entry: FleetEntry): readonly FleetImage[] {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw entry.refuse(`names: cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
  const seen = new Set<string>();
  return content.split('\n').flatMap((line, index): FleetImage[] => {
    const image = line.trim();
    if (image === '' || image.startsWith('#') || seen.has(image)) return [];
    seen.add(image);
    requireName(image, (message, hint) => entry.refuse(`${file}:${index + 1}: ${message}`, hint));
    return [{ image, entry }];
  });
}

/** Images of which something was seen, and nothing ran unseen. */
async function readRecorded(
  folder: string,
  recording: string,
  entry: FleetEntry,
): Promise<readonly FleetImage[]> {
  // Loaded only where it is needed.
  const { readRecording } = await import('@keepset/shrinker');
  const { images, untraced } = await readRecording(resolve(folder, recording));
  return images.flatMap(({ references, id, traceFile, repairs = [] }): FleetImage[] => {
    if (traceFile === undefined || untraced.some(({ imageId }) => imageId === id)) return [];
    const image = references[0] ?? id;
    // What was added to it is in no trace of the image.
    if (repairs.length > 0)
      throw entry.refuse(
        `${recording}: the small image of ${image} was repaired, which a fleet does not do again`,
        `'${quoteWords(['keepset', 'shrink', '--recorded', recording])}' makes it.`,
      );
    return [{ image, entry, traceFile: join(recording, traceFile) }];
  });
}
