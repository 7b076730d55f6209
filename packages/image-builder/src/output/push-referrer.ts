import type { Repository } from '@keepset/docker-engine';
import { putText } from './push-oci-image.js';
import type { Referrer } from './referrer.js';

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/**
 * Attach something to an image of a registry.
 *
 * @param digest  sha256:… of the image's manifest, which the registry has
 * @throws EngineError  as `openRepository`
 * @see OCI distribution specification 1.1, "Pushing Manifests with Subject", "Referrers Tag Schema"
 */
export async function pushReferrer(
  repository: Repository,
  digest: string,
  { descriptor, manifest, blobs }: Referrer,
): Promise<void> {
  for (const blob of blobs) await putText(repository, blob.digest, blob.content);
  const { sizeBytes: size, ...facts } = descriptor;
  await putReferrer(repository, digest, { descriptor: { ...facts, size }, manifest });
}

/**
 * Send a manifest that refers to another, and see to it that it is found there.
 *
 * @param descriptor  as an index has it
 */
export async function putReferrer(
  repository: Repository,
  subject: string,
  { descriptor, manifest }: { readonly descriptor: IndexDescriptor; readonly manifest: string | Uint8Array },
): Promise<void> {
  const { digest, mediaType } = descriptor;
  const isListed = await repository.putManifest(digest, mediaType, manifest);
  if (!isListed) await listByTag(repository, subject, descriptor);
}

interface IndexDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Of registries that do not know referrers, clients read an index that has the image's digest as its tag. */
async function listByTag(
  repository: Repository,
  subject: string,
  descriptor: { readonly digest: string; readonly size: number },
): Promise<void> {
  const tag = subject.replace(':', '-');
  const known = await repository.getManifest(tag);
  const { manifests = [] } = (known === undefined ? {} : JSON.parse(known.content.toString())) as {
    manifests?: readonly { readonly digest: string }[];
  };
  if (manifests.some(({ digest }) => digest === descriptor.digest)) return;
  const index = { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [...manifests, descriptor] };
  await repository.putManifest(tag, INDEX_TYPE, JSON.stringify(index));
}
