import { join } from 'node:path';
import { writeManifest } from '@keepset/manifest';
import type { ShrunkImage, SmallImage } from '@keepset/shrinker';

/** Write the manifest of what became of a source into the folder of its recording. @returns what is said of it there */
export async function writeSmallImage(folder: string, each: ShrunkImage): Promise<SmallImage> {
  const { references, id } = each.image;
  if ('reason' in each) return { source: { references, id }, reason: each.reason };
  const { result, tags } = each;
  const { sourceBytes, resultBytes } = result;
  const manifest = `${id.slice('sha256:'.length, 'sha256:'.length + 12)}.manifest.json`;
  // It was perhaps made under a name that was to be given up.
  const named = { ...result.manifest.result, reference: tags[0] };
  await writeManifest({ ...result.manifest, result: named }, join(folder, manifest));
  return {
    source: { references, id, sizeBytes: sourceBytes },
    result: { id: result.id, tags, sizeBytes: resultBytes, manifest },
    verified: false,
  };
}
