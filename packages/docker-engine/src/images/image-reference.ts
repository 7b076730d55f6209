import { EngineError } from '../engine-error.js';

/** A name for an image, split as the API wants it. */
export interface ImageReference {
  /** With the registry, if any: ghcr.io/owner/name */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

// The grammar of github.com/distribution/reference: domain, path components, tag, digest.
const DOMAIN =
  /(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?/
    .source;
const COMPONENT = /[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/.source;
const REFERENCE = new RegExp(
  `^((?:${DOMAIN}/)?${COMPONENT}(?:/${COMPONENT})*)(?::([\\w][\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
);
const NAME_LENGTH_MAX = 255;

/**
 * Split and check a reference.
 *
 * @throws EngineError REFERENCE_INVALID
 * @see the grammar in distribution/reference
 * @example parseImageReference('ghcr.io/owner/name:1.0') // { repository: 'ghcr.io/owner/name', tag: '1.0' }
 */
export function parseImageReference(text: string): ImageReference {
  const match = REFERENCE.exec(text);
  const [, repository, tag, digest] = match ?? [];
  if (repository === undefined || repository.length > NAME_LENGTH_MAX || /^[a-f0-9]{64}$/.test(repository)) {
    throw new EngineError('REFERENCE_INVALID', `'${text}' is not a valid image reference`, {
      hint: 'A reference looks like [REGISTRY/]NAME[:TAG]; names are in lower case.',
    });
  }
  return { repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/**
 * Check a name that shall be given to an image: NAME[:TAG], no digest. The tag defaults to `latest`.
 *
 * @throws EngineError REFERENCE_INVALID
 * @example parseTagReference('name') // { repository: 'name', tag: 'latest' }
 */
export function parseTagReference(text: string): Required<Omit<ImageReference, 'digest'>> {
  const { repository, tag = 'latest', digest } = parseImageReference(text);
  if (digest !== undefined) {
    throw new EngineError(
      'REFERENCE_INVALID',
      `'${text}' names a digest, which cannot be given to an image`,
      {
        hint: 'Use NAME[:TAG].',
      },
    );
  }
  return { repository, tag };
}
