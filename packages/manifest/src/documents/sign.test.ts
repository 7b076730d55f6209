import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../../../test-fixtures/ensure-programs.ts';
import { ManifestError } from '../manifest-error.js';
import { toAttached } from './attached-statement.js';
import { isSigned, readSigningKey } from './sign.js';

await ensurePackages('/usr/bin/openssl', 'openssl');
const folder = mkdtempSync(join(tmpdir(), 'keepset-sign-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const openssl = (...words: string[]) => execFileSync('openssl', words, { encoding: 'utf8', stdio: 'pipe' });

const DIGEST = ['dgst', '-sha256', '-verify', at('key.pub'), '-signature', at('signature'), at('text')];
const RAW = ['-rawin', '-in', at('text'), '-sigfile', at('signature')];
const KINDS: readonly [kind: string, options: readonly string[], check: readonly string[]][] = [
  ['ed25519', [], ['pkeyutl', '-verify', '-pubin', '-inkey', at('key.pub'), ...RAW]],
  ['ec', ['-pkeyopt', 'ec_paramgen_curve:P-256'], DIGEST],
  ['rsa', ['-pkeyopt', 'rsa_keygen_bits:2048'], DIGEST],
];

describe.each(KINDS)('a key of kind %s', (kind, options, check) => {
  const pem = openssl('genpkey', '-algorithm', kind, ...options);
  writeFileSync(at('key.pem'), pem);
  const publicPem = openssl('pkey', '-in', at('key.pem'), '-pubout');
  const key = readSigningKey(pem);

  it('signs as openssl checks', () => {
    writeFileSync(at('key.pub'), publicPem);
    writeFileSync(at('text'), 'a text\n');
    writeFileSync(at('signature'), key.sign(Buffer.from('a text\n')));
    expect(openssl(...check)).toMatch(/Verified OK|Verified Successfully/);
    writeFileSync(at('text'), 'another text\n');
    expect(() => openssl(...check)).toThrow();
  });

  it('puts a statement into an envelope that tells of its type', () => {
    const statement = '{"predicateType":"https://example.org/a"}';
    const { type, content, annotations, fileName } = toAttached('a', statement, key);
    expect([type, fileName]).toEqual(['application/vnd.dsse.envelope.v1+json', 'a.dsse.json']);
    expect(annotations).toEqual({ 'in-toto.io/predicate-type': 'https://example.org/a' });
    const { payload, payloadType, signatures } = JSON.parse(content);
    expect(Buffer.from(payload, 'base64').toString()).toBe(statement);
    // As the protocol says it: lengths in decimal digits, of bytes.
    const signed = (text: string) =>
      Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${Buffer.byteLength(text)} ${text}`);
    const signature = Buffer.from(signatures[0].sig, 'base64');
    expect(signatures[0].keyid).toMatch(/^[0-9a-f]{64}$/);
    expect(isSigned(signed(statement), signature, publicPem)).toBe(true);
    expect(isSigned(signed(`${statement} `), signature, publicPem)).toBe(false);
  });
});

it('says that it is no envelope where there is no key', () => {
  const statement = '{"predicateType":"https://example.org/a"}';
  expect(toAttached('a', statement)).toMatchObject({
    type: 'application/vnd.in-toto+json',
    fileName: 'a.json',
    content: statement,
  });
});

it.each([
  ['nothing', ''],
  ['a public key', '-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n'],
  ['a key that agrees on secrets', openssl('genpkey', '-algorithm', 'x25519')],
])('refuses %s', (_, pem) => {
  expect(() => readSigningKey(pem)).toThrow(ManifestError);
  expect(() => readSigningKey(pem)).toThrow(/the key cannot be used/);
});
