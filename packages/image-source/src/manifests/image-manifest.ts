import type { BlobStore } from '../blobs/blob-store.js';
import { requireDigest } from '../blobs/check-digest.js';
import type { Descriptor } from '../blobs/descriptor.js';
import { type Document, readDocument, toList, toObject } from '../blobs/read-document.js';
import type { SourceConfig } from '../image-source.js';
import type { LayerFacts } from '../layers/read-layer.js';
import { tocPlaceOf } from '../layers/toc/toc-place.js';
import { SourceError } from '../source-error.js';

/** What an image is made of. */
export interface ImageManifest {
  /** sha256:… of the configuration. */
  readonly id: string;
  readonly manifestDigest: string | undefined;
  readonly config: SourceConfig;
  /** The lowest first. */
  readonly layers: readonly ListedLayer[];
}

/** A layer as a manifest lists it. */
interface ListedLayer extends LayerFacts {
  /** As it lies in the store; undefined where nothing says it. */
  readonly sizeBytes?: number | undefined;
}

/** OCI's and Docker's, plain and packed, also those that are not to be passed on. */
const LAYER_TYPE =
  /^application\/vnd\.(?:oci\.image\.layer\.(?:nondistributable\.)?v1\.tar(?:\+(?:gzip|zstd))?|docker\.image\.rootfs\.(?:foreign\.)?diff\.tar(?:\.gzip|\.zstd)?)$/;

/** Engines take some 127. */
const LAYERS_MAX = 1000;

/**
 * Read a manifest and the configuration that it names.
 *
 * @param document  whose digest was checked
 * @throws SourceError SOURCE_NO_IMAGE, SOURCE_BAD_METADATA, SOURCE_BAD_DIGEST, SOURCE_NOT_FOUND
 * @see OCI image specification, "Image Manifest"; distribution, "Image Manifest Version 2, Schema 2"
 */
export async function readImageManifest(
  store: BlobStore,
  { value }: Pick<Document, 'value'>,
  manifestDigest: string,
): Promise<ImageManifest> {
  const what = `the manifest ${manifestDigest} of ${store.place}`;
  if (value.schemaVersion !== 2 || value.config === undefined)
    throw new SourceError('SOURCE_NO_IMAGE', `${what} is of no image that is read here`, {
      hint: 'Manifests of schema 2 are: those of OCI, and of Docker since 2016.',
    });
  const id = toDescriptor(value.config, what).digest;
  const blobs = toList(value.layers, `the list of layers in ${what}`).map((layer) => {
    const descriptor = toDescriptor(layer, what);
    return { ...descriptor, toc: tocPlaceOf(layer as Readonly<Record<string, unknown>>, descriptor) };
  });
  for (const { mediaType } of blobs)
    if (!LAYER_TYPE.test(mediaType))
      throw new SourceError(
        'SOURCE_NO_IMAGE',
        `${what} has a layer of the type ${JSON.stringify(mediaType.slice(0, 100))}, which is no image's`,
        {
          hint: 'Charts, signatures and encrypted images are stored as images are; they cannot be read as one.',
        },
      );
  const config = await readConfig(store, id, id);
  const diffIds = diffIdsOf(config.value, blobs.length, store);
  return {
    id,
    manifestDigest,
    config: toConfig(config.value),
    layers: blobs.map(({ digest, sizeBytes, toc }, index) => ({
      name: digest,
      digest,
      diffId: diffIds[index] as string,
      sizeBytes: sizeBytes > 0 ? sizeBytes : undefined,
      toc,
    })),
  };
}

/** @param digest  undefined where nothing says what it shall be */
export function readConfig(store: BlobStore, name: string, digest: string | undefined): Promise<Document> {
  return readDocument(store.read(name), `the configuration ${name} of ${store.place}`, digest);
}

/** The digests of the unpacked layers, of which there are as many as layers. */
export function diffIdsOf(
  config: Document['value'],
  layers: number,
  { place }: Pick<BlobStore, 'place'>,
): readonly string[] {
  const what = `the configuration of ${place}`;
  const rootfs = toObject(config.rootfs ?? {}, `rootfs of ${what}`);
  const diffIds = toList(rootfs.diff_ids, `the list of diff_ids in ${what}`).map((each) =>
    requireDigest(each, what),
  );
  if (layers > LAYERS_MAX)
    throw new SourceError('SOURCE_BAD_METADATA', `${place} names ${layers} layers: more than ${LAYERS_MAX}`);
  if (diffIds.length !== layers)
    throw new SourceError(
      'SOURCE_BAD_METADATA',
      `${what} names ${diffIds.length} layers, and there are ${layers}`,
    );
  return diffIds;
}

export function toConfig(value: Document['value']): SourceConfig {
  const { architecture, os } = value;
  return {
    ...value,
    architecture: typeof architecture === 'string' ? architecture : '',
    os: typeof os === 'string' ? os : '',
  };
}

/** @throws SourceError SOURCE_BAD_METADATA */
export function toDescriptor(value: unknown, what: string): Descriptor {
  const { mediaType, digest, size } = toObject(value, `a descriptor in ${what}`);
  return {
    mediaType: typeof mediaType === 'string' ? mediaType : '',
    digest: requireDigest(digest, what),
    sizeBytes: typeof size === 'number' ? size : 0,
  };
}
