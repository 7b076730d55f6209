import { imagePurl } from '@keepset/inventory';
import type { StoredManifest } from './read-manifest.js';

type Result = Pick<StoredManifest['result'], 'reference' | 'id' | 'repositoryDigests' | 'manifestDigest'>;

/**
 * By what a result can be told: where a registry has it, its digest there; else that of the OCI image that was written;
 * else its ID.
 *
 * @returns names → digests (sha256:…), and the first of these
 */
export function digestsOf({ reference, id, repositoryDigests = [], manifestDigest }: Result): {
  readonly digest: string;
  readonly named: readonly { readonly name: string; readonly digest: string }[];
} {
  const pushed = repositoryDigests.map((name) => ({ name, digest: name.slice(name.indexOf('@') + 1) }));
  const digest = pushed[0]?.digest ?? manifestDigest ?? id;
  return { digest, named: pushed.length > 0 ? pushed : [{ name: reference ?? id, digest }] };
}

/** PURLs of a result: `pkg:oci/NAME@sha256:…`. */
export function purlsOf(result: Result): readonly string[] {
  return digestsOf(result).named.map(({ name, digest }) => imagePurl(name, digest));
}
