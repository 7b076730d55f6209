import { createReadStream } from 'node:fs';
import {
  openRepository,
  parseTagReference,
  type RegistryAccess,
  type Repository,
} from '@keepset/docker-engine';
import { READ_BYTES } from './archive-parts.js';
import type { OciImage } from './oci-image.js';
import { pushReferrer } from './push-referrer.js';

/** How an image goes to a registry. */
export interface PushOptions {
  readonly registries?: RegistryAccess | undefined;
  /** Repositories that may have some of its blobs already. Default none. */
  readonly mountFrom?: readonly string[] | undefined;
}

/**
 * Send an image to a registry. What is there already is not sent; its name moves once everything is there, also what is
 * attached to it.
 *
 * @param reference  REGISTRY/NAME[:TAG]
 * @throws EngineError  as `openRepository`; REFERENCE_INVALID
 * @see OCI distribution specification, "Push"
 */
export async function pushOciImage(
  { config, configDigest, manifest, descriptor, blobs, referrers }: OciImage,
  reference: string,
  { registries = {}, mountFrom = [] }: PushOptions,
): Promise<void> {
  const { repository: name, tag } = parseTagReference(reference);
  const repository = openRepository(name, registries);
  for (const { digest, sizeBytes, file } of blobs) {
    const content = () => createReadStream(file, { highWaterMark: READ_BYTES });
    await repository.putBlob({ digest, sizeBytes, content }, mountFrom);
  }
  await putText(repository, configDigest, config);
  const put = (name: string) => repository.putManifest(name, descriptor.mediaType, manifest);
  // Not every registry takes what refers to something that it has not got.
  if (referrers.length > 0) await put(descriptor.digest);
  for (const referrer of referrers) await pushReferrer(repository, descriptor.digest, referrer);
  await put(tag);
}

/** A blob that is a text. */
export async function putText(repository: Repository, digest: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  const content = async function* () {
    yield bytes;
  };
  await repository.putBlob({ digest, sizeBytes: bytes.length, content });
}
