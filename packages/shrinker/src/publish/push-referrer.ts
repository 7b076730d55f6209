import type { Registry } from '@keepset/docker-engine';
import { type Attachment, type Referrer, toReferrer } from '@keepset/image-builder';
import { ShrinkError } from '../shrink-error.js';

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/**
 * Attach a text to an image of a registry.
 *
 * @param manifestDigest  sha256:… of the image there
 * @param created         ISO 8601; the image's
 * @throws EngineError PUSH_FAILED; ShrinkError NOT_PUSHED
 * @see OCI distribution specification 1.1, "Pushing Manifests with Subject", "Referrers Tag Schema"
 */
export async function pushReferrer(
  registry: Registry,
  manifestDigest: string,
  { attachment, created }: { readonly attachment: Attachment; readonly created: string },
): Promise<void> {
  const subject = await registry.getManifest(manifestDigest);
  if (subject === undefined)
    throw new ShrinkError('NOT_PUSHED', `the registry does not have ${manifestDigest}, which was pushed`);
  const { mediaType, content } = subject;
  const sizeBytes = Buffer.byteLength(content);
  const referrer = toReferrer({ mediaType, digest: manifestDigest, sizeBytes }, attachment, created);
  for (const blob of referrer.blobs) await registry.putBlob(blob.digest, blob.content);
  const { descriptor, manifest } = referrer;
  const isListed = await registry.putManifest(descriptor.digest, descriptor.mediaType, manifest);
  if (!isListed) await listByTag(registry, manifestDigest, descriptor);
}

/** Of registries that do not know referrers, clients read an index that has the image's digest as its tag. */
async function listByTag(
  registry: Registry,
  manifestDigest: string,
  { sizeBytes: size, ...facts }: Referrer['descriptor'],
): Promise<void> {
  const tag = manifestDigest.replace(':', '-');
  const known = await registry.getManifest(tag);
  const { manifests = [] } = (known === undefined ? {} : JSON.parse(known.content)) as {
    manifests?: readonly { readonly digest: string }[];
  };
  if (manifests.some(({ digest }) => digest === facts.digest)) return;
  const index = { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [...manifests, { ...facts, size }] };
  await registry.putManifest(tag, INDEX_TYPE, JSON.stringify(index));
}
