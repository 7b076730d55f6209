import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { ManifestError } from '../manifest-error.js';

/** How a key signs. */
export type SignatureKind = 'ed25519' | 'ecdsa-sha256' | 'rsa-sha256';

/** A key that signs. */
export interface SigningKey {
  readonly kind: SignatureKind;
  /** sha256 of its public half, as openssl writes that in DER; hexadecimal digits. */
  readonly id: string;
  sign(bytes: Uint8Array): Buffer;
}

const KINDS: Readonly<Record<string, SignatureKind>> = {
  ed25519: 'ed25519',
  ec: 'ecdsa-sha256',
  rsa: 'rsa-sha256',
};

/**
 * A private key, as `openssl genpkey` writes it.
 *
 * @param pem  without a passphrase
 * @throws ManifestError KEY_INVALID
 * @example readSigningKey(readFileSync('key.pem', 'utf8')).sign(Buffer.from('text'))
 */
export function readSigningKey(pem: string): SigningKey {
  const key = parse(() => createPrivateKey(pem), 'private');
  const kind = kindOf(key);
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return {
    kind,
    id: createHash('sha256').update(der).digest('hex'),
    sign: (bytes) => sign(kind === 'ed25519' ? null : 'sha256', bytes, key),
  };
}

/**
 * Whether bytes were signed by the private half of a key.
 *
 * @param pem  a public key, or a certificate, as openssl writes them
 * @throws ManifestError KEY_INVALID
 * @example isSigned(Buffer.from('text'), signature, readFileSync('key.pub', 'utf8')) // true
 */
export function isSigned(bytes: Uint8Array, signature: Uint8Array, pem: string): boolean {
  const key = parse(() => createPublicKey(pem), 'public');
  return verify(kindOf(key) === 'ed25519' ? null : 'sha256', bytes, key, signature);
}

function parse(read: () => KeyObject, half: string): KeyObject {
  try {
    return read();
  } catch (cause) {
    throw invalid(`it is no ${half} key in PEM that can be read without a passphrase`, cause);
  }
}

function kindOf({ asymmetricKeyType }: KeyObject): SignatureKind {
  const kind = KINDS[asymmetricKeyType ?? ''];
  if (kind === undefined)
    throw invalid(`a key of kind ${asymmetricKeyType} signs in no way that is known here`);
  return kind;
}

function invalid(why: string, cause?: unknown): ManifestError {
  return new ManifestError('KEY_INVALID', `the key cannot be used: ${why}`, {
    hint: 'Make one: openssl genpkey -algorithm ed25519 -out key.pem; openssl pkey -in key.pem -pubout -out key.pub.',
    cause,
  });
}
