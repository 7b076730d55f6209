import { packageUrl } from '../package-url.js';

/**
 * The PURL of an image: the last part of its repository's name, and its digest.
 *
 * @param name    as people say it: `small`, `small:1`, `registry.example:5000/team/small@sha256:…`
 * @param digest  `sha256:…`: in the specification that of a registry; of an image that is in none, its ID
 * @see the type `oci` of the Package URL specification
 * @example imagePurl('ghcr.io/team/small:1', 'sha256:12…') // 'pkg:oci/small@sha256:12…?repository_url=ghcr.io%2Fteam%2Fsmall'
 */
export function imagePurl(name: string, digest: string): string {
  const isId = /^(?:sha256:)?[0-9a-f]{64}$/.test(name);
  const repository = isId
    ? 'image'
    : name
        .replace(/@.*$/, '')
        .replace(/:[^:/]*$/, '')
        .toLowerCase();
  const isQualified = repository.includes('/');
  return packageUrl({
    type: 'oci',
    name: repository.slice(repository.lastIndexOf('/') + 1),
    version: digest,
    qualifiers: { repository_url: isQualified ? repository : undefined },
  });
}
