import { parseImageReference } from '@keepset/docker-engine';
import type { RecordedImage } from '@keepset/shrinker';
import { UsageError } from '../options/usage-error.js';

const SUFFIX = /^[\w.-]{1,60}$/;
/** Of a source that clients called only by its id. */
const NAMELESS = 'keepset-recorded';
const ID_CHARACTERS = 12;

/**
 * The names of the small images: those of their sources, with a suffix to the tag.
 *
 * @throws UsageError  the suffix can be no part of a tag
 * @example toResultNames('-small')({ references: ['python:3.12'], id: 'sha256:…' }) // ['python:3.12-small']
 */
export function toResultNames(
  suffix: string,
): (image: Pick<RecordedImage, 'references' | 'id'>) => readonly string[] {
  if (!SUFFIX.test(suffix))
    throw new UsageError(
      `--suffix ${suffix}: not valid`,
      'A tag has letters, digits, dots, dashes and underscores: --suffix=-small.',
    );
  return ({ references, id }) => {
    const names = references.flatMap((reference) => nameOf(reference, suffix) ?? []);
    const short = id.slice('sha256:'.length, 'sha256:'.length + ID_CHARACTERS);
    return names.length > 0 ? [...new Set(names)] : [`${NAMELESS}:${short}${suffix}`];
  };
}

/** @returns undefined: it is an id, or names a digest alone */
function nameOf(reference: string, suffix: string): string | undefined {
  if (/^(?:sha256:)?[0-9a-f]{12,64}$/.test(reference)) return undefined;
  try {
    const { repository, tag, digest } = parseImageReference(reference);
    return digest !== undefined && tag === undefined
      ? undefined
      : `${repository}:${tag ?? 'latest'}${suffix}`;
  } catch {
    return undefined;
  }
}
