import type { SigningKey } from './sign.js';

const IN_TOTO = 'application/vnd.in-toto+json';

/**
 * A signed statement: a DSSE envelope.
 *
 * @param statement  in-toto, as `toStatement` and `toProvenance` write it
 * @returns          JSON
 * @see secure-systems-lab/dsse, "Protocol" and "Envelope" 1.0
 */
export function toEnvelope(statement: string, key: Pick<SigningKey, 'id' | 'sign'>): string {
  const payload = Buffer.from(statement);
  const sig = key.sign(toSigned(payload)).toString('base64');
  return `${JSON.stringify({
    payloadType: IN_TOTO,
    payload: payload.toString('base64'),
    signatures: [{ keyid: key.id, sig }],
  })}\n`;
}

/** What of an envelope is signed: the type is, so that nobody reads the payload as another. */
function toSigned(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${IN_TOTO.length} ${IN_TOTO} ${payload.length} `), payload]);
}
