import { openRepository, parseTagReference, type RegistryAccess } from '@keepset/docker-engine';
import { BuildError } from '../build-error.js';
import type { ArchivePart } from './archive-parts.js';
import { digestOf } from './digest-of.js';
import { blobName, namesOf } from './oci-layout.js';
import { putReferrer } from './push-referrer.js';
import type { ManifestDescriptor } from './referrer.js';
import { writeParts } from './write-parts.js';

/** A manifest with what it is made of, as it lies somewhere. */
interface CopiedManifest {
  readonly descriptor: ManifestDescriptor;
  /** JSON. */
  readonly content: Uint8Array;
  readonly blobs: readonly {
    readonly digest: string;
    readonly sizeBytes: number;
    content(): AsyncIterable<Uint8Array>;
  }[];
}

/** An image that goes into an index, byte for byte. */
export interface IndexedImage extends CopiedManifest {
  readonly platform: {
    readonly os: string;
    readonly architecture: string;
    readonly variant?: string | undefined;
  };
  /** What is attached to it. */
  readonly referrers: readonly (CopiedManifest & { readonly facts: Readonly<Record<string, unknown>> })[];
  /** The repository where it lies, if it is at a registry. */
  readonly repository?: string | undefined;
}

/** Where an index goes. */
export type IndexTarget =
  | {
      readonly type: 'oci';
      readonly destination: string;
      readonly asFolder: boolean;
      /** NAME:TAG, any number of them. */
      readonly references: readonly string[];
    }
  | {
      readonly type: 'registry';
      /** REGISTRY/NAME:TAG */
      readonly references: readonly string[];
      readonly registries?: RegistryAccess;
    };

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/**
 * Join images of several platforms into one index. What is attached to each stays attached. A file or a name at a
 * registry appears once all is there.
 *
 * @returns sha256:… of the index
 * @throws BuildError BUILD_SAME_PLATFORM  two images are of one platform
 * @throws BuildError BUILD_OUTPUT_FAILED; EngineError  of a registry, as `openRepository`
 * @see OCI image specification, "Image Index"
 */
export async function writeIndex(images: readonly IndexedImage[], target: IndexTarget): Promise<string> {
  requireDifferent(images);
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: INDEX_TYPE,
    manifests: images.map(({ descriptor, platform }) => ({ ...toJson(descriptor), platform })),
  });
  const digest = digestOf(index);
  if (target.type === 'oci') await writeParts(toLayout(images, index, digest, target.references), target);
  else for (const reference of target.references) await push(images, index, reference, target.registries);
  return digest;
}

function requireDifferent(images: readonly IndexedImage[]): void {
  const known = new Set<string>();
  for (const { platform } of images) {
    // That is what an ARM of 64 bits is where nothing is said.
    const isPlain = platform.architecture === 'arm64' && platform.variant === 'v8';
    const { os, architecture, variant } = { ...platform, ...(isPlain && { variant: undefined }) };
    const text = [os, architecture, variant].filter(Boolean).join('/');
    if (known.has(text))
      throw new BuildError('BUILD_SAME_PLATFORM', `two of the images are for ${text}`, {
        hint: 'An index has one image for each platform.',
      });
    known.add(text);
  }
}

function toJson({ sizeBytes: size, ...facts }: ManifestDescriptor) {
  const { mediaType, digest } = facts;
  return { mediaType, digest, size };
}

function toLayout(
  images: readonly IndexedImage[],
  index: string,
  digest: string,
  references: readonly string[],
): readonly ArchivePart[] {
  const descriptor = { mediaType: INDEX_TYPE, digest, size: Buffer.byteLength(index) };
  const referrers = images.flatMap((image) => image.referrers);
  const manifests = [
    ...(references.length === 0
      ? [descriptor]
      : references.map((reference) => ({ ...descriptor, annotations: namesOf(reference) }))),
    ...referrers.map((referrer) => ({ ...toJson(referrer.descriptor), ...referrer.facts })),
  ];
  // Images may share layers.
  const blobs = new Map<string, ArchivePart['content']>();
  for (const each of [...images, ...referrers]) {
    const { digest, sizeBytes } = each.descriptor;
    blobs.set(digest, { sizeBytes, open: () => inOnePiece(each.content) });
    for (const { digest, sizeBytes, content } of each.blobs) blobs.set(digest, { sizeBytes, open: content });
  }
  return [
    { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
    { name: 'index.json', content: JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests }) },
    { name: blobName(digest), content: index },
    ...[...blobs].map(([name, content]) => ({ name: blobName(name), content })),
  ];
}

async function push(
  images: readonly IndexedImage[],
  index: string,
  reference: string,
  registries: RegistryAccess | undefined,
): Promise<void> {
  const { repository: name, tag } = parseTagReference(reference);
  const repository = openRepository(name, registries);
  for (const image of images) {
    const mountFrom = image.repository === undefined ? [] : [image.repository];
    const putBlobs = async ({ blobs }: CopiedManifest) => {
      for (const blob of blobs) await repository.putBlob(blob, mountFrom);
    };
    const { mediaType, digest } = image.descriptor;
    await putBlobs(image);
    await repository.putManifest(digest, mediaType, image.content);
    for (const referrer of image.referrers) {
      await putBlobs(referrer);
      const descriptor = { ...toJson(referrer.descriptor), ...referrer.facts };
      await putReferrer(repository, digest, { descriptor, manifest: referrer.content });
    }
  }
  await repository.putManifest(tag, INDEX_TYPE, index);
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
