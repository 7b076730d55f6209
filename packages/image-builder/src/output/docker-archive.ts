import { createHash } from 'node:crypto';
import type { Layer } from '../layer/layer.js';
import type { ArchivePart } from './archive-parts.js';

/**
 * A docker archive of one image. A layer without a file is named and not carried.
 *
 * @param references  NAME:TAG; none: what has no name cannot be mistaken for a result
 * @see moby, image/spec/v1.2, "Combined Image JSON + Filesystem Changeset Format"
 */
export function toDockerArchive(
  config: string,
  layers: readonly Layer[],
  references: readonly string[] = [],
): readonly ArchivePart[] {
  const configName = `${createHash('sha256').update(config).digest('hex')}.json`;
  const nameOf = ({ diffId }: Layer) => `${diffId.replace('sha256:', '')}/layer.tar`;
  const manifest = [{ Config: configName, RepoTags: references, Layers: layers.map(nameOf) }];
  return [
    { name: configName, content: config },
    { name: 'manifest.json', content: JSON.stringify(manifest) },
    ...layers.flatMap((layer) => {
      const { file, sizeBytes } = layer;
      return file === undefined ? [] : [{ name: nameOf(layer), content: { file, sizeBytes } }];
    }),
  ];
}
