import { createHash } from 'node:crypto';
import type { ArchivePart } from './archive-parts.js';
import type { Blob, Compression } from './compress-layer.js';
import { type Attach, type Referrer, toReferrer } from './referrer.js';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar';
const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/** The files of a layout, and how the image is known. */
export interface OciLayout {
  readonly parts: readonly ArchivePart[];
  /** sha256:… by which a registry knows the image. */
  readonly manifestDigest: string;
}

/** What of an image stands in its layout beside its configuration and layers. */
export interface LayoutOptions {
  /** Of all layers. */
  readonly compression: Compression;
  /** NAME:TAG */
  readonly references: readonly string[];
  /** What is attached to the image, by its digest. Default nothing. */
  readonly attach?: Attach | undefined;
}

/**
 * An OCI image layout of one image. It holds docker's own manifest.json as well, as docker save does,
 * so that engines older than the layout can load it.
 *
 * @param config  JSON, as in the image
 * @param blobs   the layers, the lowest first
 * @see OCI image specification, "Image Layout", "Image Manifest", "Annotations"
 */
export async function toOciLayout(
  config: string,
  blobs: readonly Blob[],
  { compression, references, attach = async () => [] }: LayoutOptions,
): Promise<OciLayout> {
  const { architecture, os, variant, created } = JSON.parse(config) as Record<string, string>;
  const configDigest = digestOf(config);
  const manifest = toManifest(config, blobs, { compression, created });
  const manifestDigest = digestOf(manifest);
  const size = Buffer.byteLength(manifest);
  const platform = { architecture, os, ...(variant !== undefined && { variant }) };
  const descriptor = { mediaType: MANIFEST_TYPE, digest: manifestDigest, size, platform };
  const subject = { mediaType: MANIFEST_TYPE, digest: manifestDigest, sizeBytes: size };
  const attached = await attach(manifestDigest);
  const referrers = attached.map((each) => toReferrer(subject, each, created ?? ''));
  const layerNames = blobs.map(({ digest }) => blobName(digest));
  const docker = [{ Config: blobName(configDigest), RepoTags: references, Layers: layerNames }];
  return {
    manifestDigest,
    parts: [
      { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
      { name: 'index.json', content: toIndex(descriptor, references, referrers) },
      { name: 'manifest.json', content: JSON.stringify(docker) },
      { name: blobName(manifestDigest), content: manifest },
      { name: blobName(configDigest), content: config },
      ...partsOf(referrers),
      ...blobs.map(({ digest, file, sizeBytes }) => ({
        name: blobName(digest),
        content: { file, sizeBytes },
      })),
    ],
  };
}

/** @see OCI image specification, "Image Manifest" */
function toManifest(
  config: string,
  blobs: readonly Blob[],
  { compression, created }: { readonly compression: Compression; readonly created: string | undefined },
): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: CONFIG_TYPE, digest: digestOf(config), size: Buffer.byteLength(config) },
    layers: blobs.map(({ digest, sizeBytes }) => ({
      mediaType: compression === 'none' ? LAYER_TYPE : `${LAYER_TYPE}+${compression}`,
      digest,
      size: sizeBytes,
    })),
    annotations: { 'org.opencontainers.image.created': created },
  });
}

/**
 * The image once for each of its names, then what is attached to it.
 *
 * @see OCI image specification, "Image Index"
 */
function toIndex(
  descriptor: Readonly<Record<string, unknown>>,
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
function namesOf(reference: string): Readonly<Record<string, string>> {
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

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}
