import type { Repository } from '@keepset/docker-engine';
import { type Attachment, pushReferrer, toReferrer } from '@keepset/image-builder';
import { ShrinkError } from '../shrink-error.js';

/**
 * Attach a text to an image that an engine sent to a registry.
 *
 * @param manifestDigest  sha256:… of the image there
 * @param created         ISO 8601; the image's
 * @throws ShrinkError NOT_PUSHED; EngineError  as `openRepository`
 */
export async function attachPushed(
  repository: Repository,
  manifestDigest: string,
  { attachment, created }: { readonly attachment: Attachment; readonly created: string },
): Promise<void> {
  const subject = await repository.getManifest(manifestDigest);
  if (subject === undefined)
    throw new ShrinkError('NOT_PUSHED', `the registry does not have ${manifestDigest}, which was pushed`);
  const { mediaType, content } = subject;
  const descriptor = { mediaType, digest: manifestDigest, sizeBytes: content.length };
  await pushReferrer(repository, manifestDigest, toReferrer(descriptor, attachment, created));
}
