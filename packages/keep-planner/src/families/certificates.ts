import type { RealPath } from '@keepset/symlink-resolver';
import { resolveTogether } from '../closure/resolve-together.js';
import type { Keeping } from '../plan/keeping.js';

/** The hash of a certificate's subject, or of a revocation list's issuer, and a number. */
const HASHED = /\/[0-9a-f]{8}\.r?[0-9]+$/;

/**
 * Of a folder of certificates that are looked up by hashed names, keep them all where one was used or the folder was
 * listed: which is looked up follows from the server that is asked, and together they are small.
 *
 * @param listed  directories that runs listed
 * @see openssl-rehash(1), SSL_CERT_DIR
 */
export async function keepCertificates(
  listed: readonly RealPath[],
  { source, ends }: Keeping,
): Promise<void> {
  const folders = new Map<string, string>(listed.map((folder) => [folder, folder]));
  for (const { path, crossed } of ends.sorted()) {
    for (const place of [path, ...crossed]) {
      const folder = place.slice(0, place.lastIndexOf('/'));
      if (HASHED.test(place) && !folders.has(folder)) folders.set(folder, place);
    }
  }
  const links = [...folders].flatMap(([folder, from]) =>
    [...source.tree.children(folder)].flatMap(({ path }) => (HASHED.test(path) ? [{ path, from }] : [])),
  );
  const [resolutions = []] = await resolveTogether([links.map(({ path }) => ({ path }))], source);
  for (const [index, { from }] of links.entries()) {
    const resolution = resolutions[index];
    if (resolution !== undefined && resolution.failure === undefined)
      ends.add(resolution, [{ kind: 'rule', rule: 'certificate', from }]);
  }
}
