import type { ArchivePart } from './archive-parts.js';
import type { OciImage } from './oci-image.js';
import type { Referrer } from './referrer.js';

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/**
 * The files of an OCI image layout of one image. It holds docker's own manifest.json as well, as docker save does,
 * so that engines older than the layout can load it.
 *
 * @param references  NAME:TAG
 * @see OCI image specification, "Image Layout", "Annotations"
 */
export function toOciLayout(image: OciImage, references: readonly string[]): readonly ArchivePart[] {
  const { config, configDigest, manifest, descriptor, blobs, referrers } = image;
  const layerNames = blobs.map(({ digest }) => blobName(digest));
  const docker = [{ Config: blobName(configDigest), RepoTags: references, Layers: layerNames }];
  return [
    { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
    { name: 'index.json', content: toIndex(descriptor, references, referrers) },
    { name: 'manifest.json', content: JSON.stringify(docker) },
    { name: blobName(descriptor.digest), content: manifest },
    { name: blobName(configDigest), content: config },
    ...partsOf(referrers),
    ...blobs.map(({ digest, file, sizeBytes }) => ({
      name: blobName(digest),
      content: { file, sizeBytes },
    })),
  ];
}

/**
 * The image once for each of its names, then what is attached to it.
 *
 * @see OCI image specification, "Image Index"
 */
function toIndex(
  descriptor: OciImage['descriptor'],
  references: readonly string[],
  referrers: readonly Referrer[],
): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: INDEX_TYPE,
    manifests: [
      ...(references.length === 0
        ? [descriptor]
        : references.map((reference) => ({ ...descriptor, annotations: namesOf(reference) }))),
      ...referrers.map(({ descriptor: { sizeBytes: size, ...facts } }) => ({ ...facts, size })),
    ],
  });
}

function partsOf(referrers: readonly Referrer[]): readonly ArchivePart[] {
  const blobs = referrers.flatMap(({ descriptor: { digest }, manifest, blobs }) => [
    { digest, content: manifest },
    ...blobs,
  ]);
  return [...new Map(blobs.map(({ digest, content }) => [digest, content]))].map(([digest, content]) => ({
    name: blobName(digest),
    content,
  }));
}

/** containerd and docker read the whole name, others the tag. */
export function namesOf(reference: string): Readonly<Record<string, string>> {
  const tag = reference.slice(reference.lastIndexOf(':') + 1);
  return {
    'io.containerd.image.name': withRegistry(reference),
    'org.opencontainers.image.ref.name': tag,
  };
}

/** @see distribution/reference, "normalized": debian:12 → docker.io/library/debian:12 */
function withRegistry(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  if (rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')) return reference;
  return `docker.io/${rest.length === 0 ? 'library/' : ''}${reference}`;
}

export function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}
