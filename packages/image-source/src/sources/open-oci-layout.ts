import { type ArchiveStore, openArchive } from '../blobs/archive-store.js';
import type { BlobStore } from '../blobs/blob-store.js';
import { folderStore } from '../blobs/folder-store.js';
import { interruptible } from '../blobs/interruptible.js';
import { type Document, readDocument } from '../blobs/read-document.js';
import type { ImageSource } from '../image-source.js';
import { openImage } from '../images/open-image.js';
import { fits, parsePlatform } from '../manifests/platform.js';
import {
  type ImageChoice,
  type IndexEntry,
  readIndex,
  selectEntry,
  selectManifest,
} from '../manifests/select-manifest.js';
import { SourceError } from '../source-error.js';

/** Which image of a layout. */
export interface LayoutChoice extends ImageChoice {
  /** As the layout names it, or a digest. Default: the only one. */
  readonly tag?: string | undefined;
}

/**
 * Open an image of an OCI layout that is a folder.
 *
 * @throws SourceError SOURCE_NOT_FOUND, SOURCE_NO_IMAGE, SOURCE_AMBIGUOUS, SOURCE_BAD_METADATA, SOURCE_BAD_DIGEST
 * @see OCI image specification, "Image Layout"
 * @example
 * const image = await openOciLayout('/tmp/layout', { tag: '1.0' });
 * image.config.os // 'linux'
 * await image[Symbol.asyncDispose]();
 */
export async function openOciLayout(folder: string, choice: LayoutChoice = {}): Promise<ImageSource> {
  return await openLayout(folderStore(folder), choice);
}

/**
 * Open an image of an OCI layout that is a tar.
 *
 * @throws SourceError  as `openOciLayout`
 * @example
 * const image = await openOciArchive('/tmp/image.tar');
 * image.config.os // 'linux'
 * await image[Symbol.asyncDispose]();
 */
export async function openOciArchive(file: string, choice: LayoutChoice = {}): Promise<ImageSource> {
  const store: ArchiveStore = await openArchive(file);
  try {
    if (!store.has('index.json') && store.has('manifest.json'))
      throw new SourceError('SOURCE_NO_IMAGE', `${store.place} is no OCI archive: it has no index.json`, {
        hint: `docker save wrote it: name it docker-archive:${file}`,
      });
    return await openLayout(store, choice);
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

async function openLayout(store: BlobStore, choice: LayoutChoice): Promise<ImageSource> {
  const { tag, platform, signal } = choice;
  const { entries } = await entriesOfLayout(store, tag);
  const meant = tag === undefined ? withoutTag(entries, platform, store) : entries;
  const entry = selectEntry(meant, { platform }, store);
  const name = `the manifest ${entry.digest} of ${store.place}`;
  const document = await readDocument(store.readManifest(entry.digest), name, entry.digest);
  const manifest = await selectManifest(store, document, entry.digest, { platform });
  return openImage(interruptible(store, signal), manifest, choice);
}

/**
 * The images that a layout names, all or those of a tag, and its index as it stands.
 *
 * @throws SourceError SOURCE_NOT_FOUND, SOURCE_BAD_METADATA
 */
export async function entriesOfLayout(
  store: BlobStore,
  tag: string | undefined,
): Promise<{ readonly index: Document['value']; readonly entries: readonly IndexEntry[] }> {
  // Nothing says what it shall be; all that it names has a digest.
  const { value } = await readDocument(store.read('index.json'), `index.json of ${store.place}`).catch(
    noLayout,
  );
  const entries = readIndex(value, 'index.json', store);
  return { index: value, entries: tag === undefined ? entries : withTag(entries, tag, store) };

  function noLayout(error: unknown): never {
    if (!(error instanceof SourceError) || error.code !== 'SOURCE_NOT_FOUND') throw error;
    throw new SourceError('SOURCE_NOT_FOUND', `${store.place} is no OCI layout: it has no index.json`, {
      hint: 'A layout is a folder; a file is named oci-archive:FILE, or docker-archive:FILE if docker save wrote it.',
      cause: error,
    });
  }
}

/** The specification's, and the whole name that containerd and docker write. */
const NAMES = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'];
const LISTED_MAX = 10;

/** In a layout, two images of one platform are two images: to take the first of them would be a guess. */
function withoutTag(
  entries: readonly IndexEntry[],
  asked: string | undefined,
  { place }: BlobStore,
): readonly IndexEntry[] {
  if (asked === undefined) return entries;
  const wanted = parsePlatform(asked);
  const fitting = entries.filter(({ platform }) => platform !== undefined && fits(wanted, platform));
  const meant = fitting.length > 0 ? fitting : entries.filter(({ platform }) => platform === undefined);
  const count = new Set(meant.map(({ digest }) => digest)).size;
  if (count <= 1) return entries;
  throw new SourceError(
    'SOURCE_AMBIGUOUS',
    `${place} holds ${count} images for ${asked}: ${tagsOf(meant) || 'without names'}`,
    { hint: 'Name a tag or a digest of one.' },
  );
}

function tagsOf(entries: readonly IndexEntry[]): string {
  const tags = entries.flatMap(({ annotations }) => (annotations[NAMES[0] as string] as string) ?? []);
  return [...new Set(tags)].slice(0, LISTED_MAX).join(', ');
}

function withTag(entries: readonly IndexEntry[], tag: string, { place }: BlobStore): readonly IndexEntry[] {
  const found = entries.filter(
    ({ digest, annotations }) => digest === tag || NAMES.some((name) => annotations[name] === tag),
  );
  if (found.length > 0) return found;
  const known = tagsOf(entries);
  throw new SourceError('SOURCE_NOT_FOUND', `${place} holds no image '${tag}'`, {
    hint: known === '' ? 'Its images have no names: leave the name out.' : `It holds ${known}.`,
  });
}
