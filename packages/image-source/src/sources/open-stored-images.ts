import { openRepository, parseImageReference } from '@keepset/docker-engine';
import { openArchive } from '../blobs/archive-store.js';
import type { BlobStore } from '../blobs/blob-store.js';
import { checkDigest, digestOf, requireDigest } from '../blobs/check-digest.js';
import type { Descriptor } from '../blobs/descriptor.js';
import { folderStore } from '../blobs/folder-store.js';
import { type Document, readDocument, toList, toObject } from '../blobs/read-document.js';
import { registryStore } from '../blobs/registry-store.js';
import { toConfig, toDescriptor } from '../manifests/image-manifest.js';
import { fits, type Platform, parsePlatform, printPlatform } from '../manifests/platform.js';
import { readIndex } from '../manifests/select-manifest.js';
import { SourceError } from '../source-error.js';
import { entriesOfLayout } from './open-oci-layout.js';
import type { SourceOptions } from './open-source.js';
import type { SourceName } from './parse-source-name.js';

/** A manifest as it is stored, with what it is made of, byte for byte. */
export interface StoredManifest {
  readonly descriptor: Descriptor;
  /** JSON. */
  readonly content: Uint8Array;
  /** Configuration and layers. */
  readonly blobs: readonly StoredBlob[];
}

/** What a manifest is made of. */
export interface StoredBlob extends Descriptor {
  /**
   * The bytes; at the end they are held against digest and size.
   *
   * @throws SourceError, EngineError  by what it returns
   */
  content(): AsyncIterable<Uint8Array>;
}

/** What is attached to an image. */
export interface StoredReferrer extends StoredManifest {
  /** For the descriptor that lists it: `artifactType`, `annotations`. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** An image as a registry or a layout has it. */
export interface StoredImage extends StoredManifest {
  /** As its configuration says. */
  readonly platform: Platform;
  readonly referrers: readonly StoredReferrer[];
}

/** Images of one name, open to be copied until this is disposed of. */
export interface StoredImages extends AsyncDisposable {
  /** The repository with its registry, where they are at one. */
  readonly repository: string | undefined;
  readonly images: readonly StoredImage[];
}

/** Where images have a manifest. */
export type StoredName = Extract<SourceName, { readonly transport: 'docker' | 'oci' | 'oci-archive' }>;

/**
 * Open images to copy them as they are: all that a name means, or those of one platform.
 *
 * @throws SourceError SOURCE_NOT_FOUND, SOURCE_NO_IMAGE, SOURCE_BAD_METADATA, SOURCE_BAD_DIGEST
 * @throws EngineError  of a registry, as `openRegistryImage`
 * @example
 * const { images } = await openStoredImages({ transport: 'oci', path: '/tmp/layout', tag: undefined });
 * images.map(({ platform }) => platform.os) // ['linux']
 */
export async function openStoredImages(
  name: StoredName,
  { platform, ...access }: SourceOptions = {},
): Promise<StoredImages> {
  const wanted = platform === undefined ? undefined : parsePlatform(platform);
  if (name.transport === 'docker') {
    const { repository, tag = 'latest', digest } = parseImageReference(name.name);
    const opened = openRepository(repository, access);
    const store = registryStore(opened, name.name);
    const { value, text } = await readDocument(
      store.readManifest(digest ?? tag),
      `the manifest of ${name.name}`,
      digest,
    );
    const found = digest ?? digestOf(text);
    const digests = value.manifests === undefined ? [found] : await digestsIn(store, value, found);
    const referrersOf = async (image: string) => {
      const listed = await opened.getReferrers(image);
      if (listed === undefined) return [];
      const what = `the list of what refers to ${image}`;
      const index = await readDocument(inOnePiece(listed.content), what);
      return toList(index.value.manifests, what).map((each) => toObject(each, `a descriptor in ${what}`));
    };
    return { ...(await collect(store, digests, { wanted, referrersOf })), repository };
  }
  const store = name.transport === 'oci' ? folderStore(name.path) : await openArchive(name.path);
  try {
    const { index, entries } = await entriesOfLayout(store, name.tag);
    const nested: (readonly string[])[] = [];
    const seen = new Set<string>();
    for (const { digest } of entries) nested.push(await digestsIn(store, undefined, digest, { seen }));
    const attached = toList(index.manifests, 'the index').map((each) => toObject(each, 'a descriptor'));
    const referrersOf = async () => attached.filter(({ artifactType }) => artifactType !== undefined);
    const digests = [...new Set(nested.flat())];
    return { ...(await collect(store, digests, { wanted, referrersOf })), repository: undefined };
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

/** An index of indexes of indexes is what engines write at most. */
const DEPTH_MAX = 4;

/** Of the images that a manifest or an index means; what was seen is read once, however often it is named. */
async function digestsIn(
  store: BlobStore,
  known: Document['value'] | undefined,
  digest: string,
  { depth = 0, seen = new Set() }: { readonly depth?: number; readonly seen?: Set<string> } = {},
): Promise<readonly string[]> {
  if (seen.has(digest)) return [];
  seen.add(digest);
  if (depth > DEPTH_MAX)
    throw new SourceError('SOURCE_BAD_METADATA', `${store.place}: an index in an index, and so on`);
  const value = known ?? (await readManifest(store, digest)).value;
  if (value.manifests === undefined) return [digest];
  const digests: string[] = [];
  for (const entry of readIndex(value, digest, store))
    digests.push(...(await digestsIn(store, undefined, entry.digest, { depth: depth + 1, seen })));
  return digests;
}

interface Wanted {
  readonly wanted: Platform | undefined;
  /** Descriptors of what may refer to an image. */
  readonly referrersOf: (digest: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

async function collect(
  store: BlobStore,
  digests: readonly string[],
  { wanted, referrersOf }: Wanted,
): Promise<Omit<StoredImages, 'repository'>> {
  const images: StoredImage[] = [];
  const platforms: string[] = [];
  for (const digest of digests) {
    const { manifest, value } = await readStored(store, digest);
    const platform = await platformOf(store, value, digest);
    platforms.push(printPlatform(platform));
    if (wanted !== undefined && !fits(wanted, platform)) continue;
    const referrers: StoredReferrer[] = [];
    for (const { artifactType, annotations, digest: named } of await referrersOf(digest)) {
      const referrer = await readStored(store, requireDigest(named, `what refers to ${digest}`));
      const { digest: subject } = toObject(referrer.value.subject ?? {}, 'a subject');
      if (subject !== digest) continue;
      const facts = {
        ...(artifactType !== undefined && { artifactType }),
        ...(annotations !== undefined && { annotations }),
      };
      referrers.push({ ...referrer.manifest, facts });
    }
    images.push({ ...manifest, platform, referrers });
  }
  if (images.length === 0)
    throw new SourceError(
      'SOURCE_NOT_FOUND',
      `${store.place} holds no image${wanted === undefined ? '' : ` for ${printPlatform(wanted)}: it holds ${platforms.join(', ')}`}`,
    );
  return { images, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

async function platformOf(store: BlobStore, value: Document['value'], digest: string): Promise<Platform> {
  const { digest: config } = toDescriptor(value.config, `the manifest ${digest} of ${store.place}`);
  const what = `the configuration ${config} of ${store.place}`;
  const { os, architecture, variant } = toConfig(
    (await readDocument(store.read(config), what, config)).value,
  );
  if (os === '' || architecture === '') throw new SourceError('SOURCE_NO_IMAGE', `${what} names no platform`);
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

function readManifest(store: BlobStore, digest: string): Promise<Document> {
  return readDocument(store.readManifest(digest), `the manifest ${digest} of ${store.place}`, digest);
}

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';

async function readStored(
  store: BlobStore,
  digest: string,
): Promise<{ readonly manifest: StoredManifest; readonly value: Document['value'] }> {
  const { text, value } = await readManifest(store, digest);
  const what = `the manifest ${digest} of ${store.place}`;
  const layers = toList(value.layers, `the list of layers in ${what}`);
  const blobs = [value.config, ...layers].map((each) => toBlob(store, toDescriptor(each, what)));
  const mediaType = typeof value.mediaType === 'string' ? value.mediaType : MANIFEST_TYPE;
  const descriptor = { mediaType, digest, sizeBytes: text.length };
  return { manifest: { descriptor, content: text, blobs }, value };
}

function toBlob(store: BlobStore, descriptor: Descriptor): StoredBlob {
  const { digest, sizeBytes } = descriptor;
  const what = `the blob ${digest} of ${store.place}`;
  return {
    ...descriptor,
    content: () => checkSize(checkDigest(store.read(digest), digest, what), sizeBytes, what),
  };
}

/** Whoever takes the bytes was told how many there are. */
async function* checkSize(
  chunks: AsyncIterable<Uint8Array>,
  sizeBytes: number,
  what: string,
): AsyncGenerator<Uint8Array> {
  let left = sizeBytes;
  for await (const chunk of chunks) {
    left -= chunk.length;
    if (left < 0) break;
    yield chunk;
  }
  if (left !== 0)
    throw new SourceError(
      'SOURCE_BAD_METADATA',
      `${what} has not the ${sizeBytes} bytes that its manifest says`,
    );
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
