import type { StoredManifest } from '../record/read-manifest.js';
import { digestsOf } from '../record/result-name.js';

/** What a statement about a result is about: each of its names, with the digest. */
export function toSubjects(result: StoredManifest['result']): readonly object[] {
  return digestsOf(result).named.map(({ name, digest }) => ({
    name: name.replace(/@.*$/, ''),
    digest: { sha256: digest.replace(/^sha256:/, '') },
  }));
}
