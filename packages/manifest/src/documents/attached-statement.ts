import { toEnvelope } from './envelope.js';
import type { SigningKey } from './sign.js';

/** A statement as it goes with an image. */
export interface AttachedStatement {
  /** Media type: of the statement, or of the envelope that it is in. */
  readonly type: string;
  readonly fileName: string;
  readonly content: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * An in-toto statement as registries keep it beside an image, in an envelope where there is a key.
 *
 * @param name       of its file: `provenance`
 * @param statement  JSON, as `toStatement`, `toProvenance` and `toVexStatement` write it
 * @see in-toto attestation framework, "Bundle"; docker buildx, "Attestation storage", in-toto.io/predicate-type
 */
export function toAttached(
  name: string,
  statement: string,
  key?: Pick<SigningKey, 'id' | 'sign'>,
): AttachedStatement {
  const { predicateType } = JSON.parse(statement) as { readonly predicateType: string };
  return {
    ...(key === undefined
      ? { type: 'application/vnd.in-toto+json', fileName: `${name}.json`, content: statement }
      : {
          type: 'application/vnd.dsse.envelope.v1+json',
          fileName: `${name}.dsse.json`,
          content: toEnvelope(statement, key),
        }),
    annotations: { 'in-toto.io/predicate-type': predicateType },
  };
}
