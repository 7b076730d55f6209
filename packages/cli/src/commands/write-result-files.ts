import { writeFile } from 'node:fs/promises';
import type { OutputArguments } from '../inputs/to-output-arguments.js';

/** What became of an image, by its names and digests. */
export interface NamedResult {
  readonly id: string;
  readonly manifestDigest: string | undefined;
}

/** `--iidfile` and `--metadata-file`. @see docker buildx build */
export async function writeResultFiles(
  { id, manifestDigest }: NamedResult,
  { idFile, metadataFile }: OutputArguments,
  tags: readonly string[],
): Promise<void> {
  if (idFile !== undefined) await writeFile(idFile, id);
  if (metadataFile === undefined) return;
  const metadata = {
    'containerimage.config.digest': id,
    ...(manifestDigest !== undefined && { 'containerimage.digest': manifestDigest }),
    ...(tags.length > 0 && { 'image.name': tags.join(',') }),
  };
  await writeFile(metadataFile, `${JSON.stringify(metadata, null, 2)}\n`);
}
