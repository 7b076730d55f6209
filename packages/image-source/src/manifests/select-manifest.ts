import type { BlobStore } from '../blobs/blob-store.js';
import type { Descriptor } from '../blobs/descriptor.js';
import { type Document, readDocument, toList, toObject } from '../blobs/read-document.js';
import type { ReadingOptions } from '../images/open-image.js';
import { SourceError } from '../source-error.js';
import { type ImageManifest, readImageManifest, toDescriptor } from './image-manifest.js';
import { fits, type Platform, parsePlatform, printPlatform } from './platform.js';

/** Which image of several, and how it is read. */
export interface ImageChoice extends ReadingOptions {
  /** OS/ARCHITECTURE[/VARIANT]; needed where there are images for several. */
  readonly platform?: string | undefined;
  /** Aborted: its layers are read no further, with EngineError INTERRUPTED. */
  readonly signal?: AbortSignal | undefined;
}

/** An image or another index, as an index names it. */
export interface IndexEntry extends Descriptor {
  readonly platform: Platform | undefined;
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** An index of indexes of indexes is what engines write at most. */
const DEPTH_MAX = 4;

/**
 * From an index, a manifest list or a manifest to one image.
 *
 * @param document  whose digest was checked
 * @throws SourceError SOURCE_AMBIGUOUS  several platforms, and none was asked for
 * @throws SourceError SOURCE_NOT_FOUND  none for the platform that was asked for
 */
export async function selectManifest(
  store: BlobStore,
  document: Pick<Document, 'value'>,
  digest: string,
  choice: ImageChoice,
): Promise<ImageManifest> {
  let [value, name] = [document.value, digest];
  for (let depth = 0; value.manifests !== undefined; depth++) {
    if (depth === DEPTH_MAX)
      throw new SourceError('SOURCE_BAD_METADATA', `${store.place}: an index in an index, and so on`);
    const entry = selectEntry(readIndex(value, name, store), choice, store);
    name = entry.digest;
    value = (await readDocument(store.readManifest(name), `the manifest ${name} of ${store.place}`, name))
      .value;
  }
  return await readImageManifest(store, { value }, name);
}

/**
 * The images that an index names, each once; attestations, signatures and other things that belong to images left out.
 *
 * @see OCI image specification, "Image Index"
 */
export function readIndex(
  value: Document['value'],
  name: string,
  { place }: Pick<BlobStore, 'place'>,
): readonly IndexEntry[] {
  const what = `the index ${name} of ${place}`;
  return toList(value.manifests, `the list of manifests in ${what}`).flatMap((each) => {
    const fields = toObject(each, `a descriptor in ${what}`);
    const annotations = toObject(fields.annotations ?? {}, `the annotations in ${what}`);
    const platform = toPlatform(fields.platform, what);
    const isImage =
      fields.artifactType === undefined &&
      annotations['vnd.docker.reference.type'] === undefined &&
      platform?.os !== 'unknown';
    return isImage ? [{ ...toDescriptor(fields, what), platform, annotations }] : [];
  });
}

/** @throws SourceError SOURCE_AMBIGUOUS, SOURCE_NOT_FOUND, SOURCE_NO_IMAGE */
export function selectEntry(
  entries: readonly IndexEntry[],
  { platform: asked }: ImageChoice,
  { place }: Pick<BlobStore, 'place'>,
): IndexEntry {
  const images = [...new Map(entries.map((entry) => [entry.digest, entry])).values()];
  const [only] = images;
  if (only === undefined) throw new SourceError('SOURCE_NO_IMAGE', `${place} holds no image`);
  const known = [...new Set(images.flatMap(({ platform }) => (platform ? [printPlatform(platform)] : [])))];
  if (asked === undefined) {
    if (images.length === 1) return only;
    throw new SourceError('SOURCE_AMBIGUOUS', `${place} holds ${images.length} images: ${listed(known)}`, {
      hint: 'Name a tag of one, or its platform.',
    });
  }
  const wanted = parsePlatform(asked);
  const fitting = images.filter(({ platform }) => platform === undefined || fits(wanted, platform));
  const exact = fitting.find(({ platform }) => platform !== undefined) ?? fitting[0];
  if (exact === undefined)
    throw new SourceError(
      'SOURCE_NOT_FOUND',
      `${place} holds no image for ${asked}: it holds ${listed(known)}`,
      {
        hint: 'Ask for one of these platforms.',
      },
    );
  return exact;
}

function toPlatform(value: unknown, what: string): Platform | undefined {
  if (value === undefined || value === null) return undefined;
  const { os, architecture, variant } = toObject(value, `a platform in ${what}`);
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return { os, architecture, variant: typeof variant === 'string' && variant !== '' ? variant : undefined };
}

const LISTED_MAX = 10;

function listed(names: readonly string[]): string {
  const more = names.length > LISTED_MAX ? `, and ${names.length - LISTED_MAX} more` : '';
  return `${names.slice(0, LISTED_MAX).join(', ') || 'of no platform'}${more}`;
}
