import type { WrittenArchive } from '@keepset/archive';
import { formatBytes } from '../../terminal/format-bytes.js';
import { plainLine } from '../../terminal/plain-text.js';

/** A deposit that was written, for programs. */
export function archiveJson({ runs, manifestDigests, ...facts }: WrittenArchive): object {
  const [manifestDigest, ...others] = manifestDigests;
  return {
    ...facts,
    ...(others.length === 0 ? { manifestDigest } : { manifestDigests }),
    runs: runs.map(({ name, notReplayed, samples }) => ({ name, notReplayed, samples: samples.length })),
  };
}

/** A deposit that was written, for people. */
export function archiveText(
  { files, sizeBytes, imageBytes, manifestDigests, runs }: WrittenArchive,
  destination: string,
): string {
  const rows = [
    ['written', `${plainLine(destination)}: ${files} files, ${formatBytes(sizeBytes)}`],
    [
      manifestDigests.length === 1 ? 'image' : 'images',
      `${formatBytes(imageBytes)}, ${manifestDigests.join(', ')}`,
    ],
    ...runs.map(({ name, notReplayed, samples }) => [
      'run',
      `${plainLine(name)}: ${notReplayed === undefined ? gives(samples.length) : `not run again: ${plainLine(notReplayed)}`}`,
    ]),
    ['check it', `keepset replay ${plainLine(destination)}`],
  ];
  return rows.map(([name = '', value = '']) => `${name.padEnd(10)}${value}\n`).join('');
}

function gives(samples: number): string {
  return samples === 1 ? 'gives the same each time' : `varies by chance: ${samples} samples of it`;
}
