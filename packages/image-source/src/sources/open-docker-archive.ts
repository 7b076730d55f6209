import { type ArchiveStore, openArchive } from '../blobs/archive-store.js';
import { digestOf } from '../blobs/check-digest.js';
import { interruptible } from '../blobs/interruptible.js';
import { type Document, gather, parseJson, toList, toObject } from '../blobs/read-document.js';
import type { ImageSource } from '../image-source.js';
import { openImage, type ReadingOptions } from '../images/open-image.js';
import { diffIdsOf, type ImageManifest, readConfig, toConfig } from '../manifests/image-manifest.js';
import { fits, parsePlatform } from '../manifests/platform.js';
import { SourceError } from '../source-error.js';

/** Which image of an archive, and how it is read. */
export interface ArchiveChoice extends ReadingOptions {
  /** NAME[:TAG], as it was saved. Default: the only one. */
  readonly name?: string | undefined;
  /** OS/ARCHITECTURE[/VARIANT], of several that this would leave. */
  readonly platform?: string | undefined;
  /** See `ImageChoice`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Open an image of what `docker save` or `podman save` wrote, of today or of ten years ago.
 *
 * @throws SourceError SOURCE_NOT_FOUND, SOURCE_NO_IMAGE, SOURCE_AMBIGUOUS, SOURCE_BAD_METADATA, SOURCE_BAD_DIGEST
 * @see moby, image/spec/v1.2, "Combined Image JSON + Filesystem Changeset Format"
 * @example
 * const image = await openDockerArchive('/tmp/saved.tar', { name: 'debian:12' });
 * image.config.os // 'linux'
 * await image[Symbol.asyncDispose]();
 */
export async function openDockerArchive(file: string, choice: ArchiveChoice = {}): Promise<ImageSource> {
  const store = await openArchive(file);
  try {
    if (!store.has('manifest.json'))
      throw new SourceError(
        'SOURCE_NO_IMAGE',
        `${store.place} is no docker archive: it has no manifest.json`,
        {
          hint: store.has('index.json')
            ? `It is an OCI archive: name it oci-archive:${file}`
            : "'docker save' writes one; what 'docker export' writes is no image.",
        },
      );
    return openImage(interruptible(store, choice.signal), await readManifest(store, choice), choice);
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

async function readManifest(store: ArchiveStore, choice: ArchiveChoice): Promise<ImageManifest> {
  const what = `manifest.json of ${store.place}`;
  const saved = toList(parseJson(await gather(store.read('manifest.json'), what), what), what).map((each) =>
    toSavedImage(each, what),
  );
  const { configName, layerNames } = await selectImage(saved, choice, store);
  const config = await readSavedConfig(store, configName);
  const diffIds = diffIdsOf(config.value, layerNames.length, store);
  return {
    id: digestOf(config.text),
    manifestDigest: undefined,
    config: toConfig(config.value),
    // A layer may be packed there, and then only the unpacked one has a digest.
    layers: layerNames.map((layer, index) => ({
      name: layer,
      digest: undefined,
      diffId: diffIds[index] as string,
    })),
  };
}

function readSavedConfig(store: ArchiveStore, configName: string): Promise<Document> {
  const named = /^(?:blobs\/sha256\/)?([0-9a-f]{64})(?:\.json)?$/.exec(configName)?.[1];
  return readConfig(store, configName, named && `sha256:${named}`);
}

interface SavedImage {
  readonly configName: string;
  readonly layerNames: readonly string[];
  /** NAME:TAG */
  readonly names: readonly string[];
}

function toSavedImage(value: unknown, what: string): SavedImage {
  const { Config, Layers, RepoTags } = toObject(value, `an image in ${what}`);
  const texts = (list: unknown) =>
    toList(list, `a list in ${what}`).map((each) => {
      if (typeof each === 'string') return each;
      throw new SourceError('SOURCE_BAD_METADATA', `${what} has a list of other things than names`);
    });
  if (typeof Config !== 'string')
    throw new SourceError('SOURCE_BAD_METADATA', `${what} names no configuration`);
  return { configName: Config, layerNames: texts(Layers), names: texts(RepoTags) };
}

const LISTED_MAX = 10;

async function selectImage(
  saved: readonly SavedImage[],
  { name, platform }: ArchiveChoice,
  store: ArchiveStore,
): Promise<SavedImage> {
  const { place } = store;
  const known = saved.flatMap(({ names }) => names);
  const list = known.slice(0, LISTED_MAX).join(', ') || 'without names';
  const wanted = name === undefined || /:[^/]*$/.test(name) ? name : `${name}:latest`;
  const named = wanted === undefined ? saved : saved.filter(({ names }) => names.includes(wanted));
  if (saved.length === 0) throw new SourceError('SOURCE_NO_IMAGE', `${place} holds no image`);
  if (named.length === 0)
    throw new SourceError('SOURCE_NOT_FOUND', `${place} holds no image '${wanted}'`, {
      hint: known.length === 0 ? 'Its images have no names: leave the name out.' : `It holds ${list}.`,
    });
  const meant = named.length === 1 ? named : await ofPlatform(named, platform, store);
  const [only, ...others] = meant;
  if (only !== undefined && others.length === 0) return only;
  throw new SourceError(
    'SOURCE_AMBIGUOUS',
    `${place} holds ${named.length} images${wanted === undefined ? '' : ` '${wanted}'`}: ${list}`,
    { hint: 'Name one of them, or its platform.' },
  );
}

/** Of several, those that are known to be of the platform. */
async function ofPlatform(
  saved: readonly SavedImage[],
  platform: string | undefined,
  store: ArchiveStore,
): Promise<readonly SavedImage[]> {
  if (platform === undefined) return saved;
  const wanted = parsePlatform(platform);
  const fitting: SavedImage[] = [];
  for (const image of saved) {
    const { os, architecture, variant } = toConfig((await readSavedConfig(store, image.configName)).value);
    if (fits(wanted, { os, architecture, variant })) fitting.push(image);
  }
  return fitting;
}
