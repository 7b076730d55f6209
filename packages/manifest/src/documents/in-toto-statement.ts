import type { StoredManifest } from '../record/read-manifest.js';
import { digestsOf } from '../record/result-name.js';

/** What is said of a result, of some kind. */
export interface Said {
  /** A URI. */
  readonly predicateType: string;
  readonly predicate: object;
}

/**
 * A statement about a result: about each of its names, with the digest.
 *
 * @returns JSON
 * @see in-toto attestation framework, "Statement" v1
 */
export function inTotoStatement(
  result: StoredManifest['result'],
  { predicateType, predicate }: Said,
): string {
  const subject = digestsOf(result).named.map(({ name, digest }) => ({
    name: name.replace(/@.*$/, ''),
    digest: { sha256: digest.replace(/^sha256:/, '') },
  }));
  const statement = { _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate };
  return `${JSON.stringify(statement, undefined, 2)}\n`;
}
