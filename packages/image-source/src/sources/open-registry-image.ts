import { openRepository, parseImageReference, type RegistryAccess } from '@keepset/docker-engine';
import { digestOf } from '../blobs/check-digest.js';
import { readDocument } from '../blobs/read-document.js';
import { registryStore } from '../blobs/registry-store.js';
import type { ImageSource } from '../image-source.js';
import { openImage } from '../images/open-image.js';
import { type ImageChoice, selectManifest } from '../manifests/select-manifest.js';

/** Which image of a name, and who asks. */
export interface RegistryChoice extends ImageChoice, RegistryAccess {}

/**
 * Open an image of a registry. Its layers are fetched when they are asked for, and are not kept.
 *
 * @param name  [REGISTRY/]NAME[:TAG][@DIGEST]
 * @throws SourceError SOURCE_NOT_FOUND, SOURCE_NO_IMAGE, SOURCE_AMBIGUOUS, SOURCE_BAD_METADATA, SOURCE_BAD_DIGEST
 * @throws EngineError REFERENCE_INVALID, REGISTRY_UNREACHABLE, REGISTRY_UNTRUSTED, REGISTRY_REFUSED, REGISTRY_FAILED,
 *   REGISTRY_BAD_ANSWER, CREDENTIALS_UNREADABLE, INTERRUPTED
 * @example
 * await using image = await openRegistryImage('debian:12', { platform: 'linux/amd64' });
 */
export async function openRegistryImage(
  name: string,
  { platform, unpackOnce, ...access }: RegistryChoice = {},
): Promise<ImageSource> {
  const { repository, tag = 'latest', digest } = parseImageReference(name);
  const store = registryStore(openRepository(repository, access), name);
  const what = `the manifest of ${name}`;
  const document = await readDocument(store.readManifest(digest ?? tag), what, digest);
  const found = digest ?? digestOf(document.text);
  return openImage(store, await selectManifest(store, document, found, { platform }), { unpackOnce });
}
