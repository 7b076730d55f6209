import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Engine } from '@keepset/docker-engine';
import { type Findings, toFindings } from '@keepset/inventory';
import { readManifest, readSigningKey, writeBill, writeManifest } from '@keepset/manifest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensurePrograms } from '../../../test-fixtures/ensure-programs.ts';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { startRegistry, type TestRegistry } from '../../../test-fixtures/registry.ts';
import { listPackages } from '../src/index.js';
import { shrinkHere } from './shrink-here.ts';

const run = promisify(execFile);
const PREDICATE_TYPE = 'in-toto.io/predicate-type';
const BILL = 'application/vnd.cyclonedx+json';
const folder = mkdtempSync(join(tmpdir(), 'test-attachments-'));
let engine: Engine;
let registry: TestRegistry;
let request: Parameters<typeof shrinkHere>[1];

beforeAll(async () => {
  await ensurePrograms('skopeo');
  engine = await connectTestEngine();
  registry = await startRegistry(folder);
  request = {
    image: await ensureBase(engine),
    command: ['cat', '/etc/debian_version'],
    version: `test-${process.pid}`,
    sbom: true,
    verify: false,
  };
});
afterAll(async () => {
  registry?.[Symbol.dispose]();
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The bill of a manifest that was written and read again. */
async function billOf(manifest: Parameters<typeof writeManifest>[0]): Promise<string> {
  const file = join(folder, 'manifest.json');
  await writeManifest(manifest, file);
  const options = { format: 'cyclonedx', toolVersion: request.version ?? '', createdAt: '' } as const;
  return await writeBill(await readManifest(file), options);
}

it('an OCI image has the bill of materials attached, and is the image that it was', async () => {
  const layout = join(folder, 'layout');
  const output = { type: 'oci', destination: layout, asFolder: true } as const;
  const tags = [`keepset/test-attachments:${process.pid}`];
  const direct = `${registry.name}/keepset/direct`;
  const outputs = [output, { type: 'registry', destination: `${direct}:one` } as const];
  const { result } = await shrinkHere(engine, { ...request, tags, inventory: true, outputs });
  await engine.removeImage(tags[0] ?? '');
  const blob = (digest: string) => readFileSync(join(layout, 'blobs', digest.replace(':', '/')), 'utf8');
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
  expect(index.manifests.map((each: { digest: string }) => each.digest)[0]).toBe(result.manifestDigest);
  const [, attached, ...others] = index.manifests;
  expect(others).toEqual([]);
  expect(attached.artifactType).toBe(BILL);
  const manifest = JSON.parse(blob(attached.digest));
  expect(manifest).toMatchObject({ artifactType: BILL, subject: { digest: result.manifestDigest } });
  expect(manifest.subject.size).toBe(Buffer.byteLength(blob(manifest.subject.digest)));
  for (const { digest, size } of [attached, manifest.config, ...manifest.layers]) {
    expect(digestOf(blob(digest))).toBe(digest);
    expect(Buffer.byteLength(blob(digest))).toBe(size);
  }
  expect(result.manifest.result.manifestDigest).toBe(result.manifestDigest);
  const bill = JSON.parse(blob(manifest.layers[0].digest));
  expect(bill.metadata.component).toMatchObject({ name: tags[0], version: result.manifestDigest });
  expect(blob(manifest.layers[0].digest)).toBe(await billOf(result.manifest));
  const { stdout } = await run('skopeo', ['inspect', '--raw', `oci:${layout}:${process.pid}`]);
  expect(digestOf(stdout)).toBe(result.manifestDigest);
  // Where it goes to a registry without the engine, it is the same there.
  const { repositoryDigests } = result.manifest.result;
  expect(repositoryDigests).toEqual([`${direct}@${result.manifestDigest}`]);
  const listed = await engine.openRepository(direct).getManifest(manifest.subject.digest.replace(':', '-'));
  expect(JSON.parse(String(listed?.content)).manifests).toEqual([attached]);
});

it('an image that is pushed has it at the registry, where one that knows no referrers lists it by a tag', async () => {
  const repository = `${registry.name}/keepset/small`;
  const pushed = { ...request, tags: [`${repository}:one`], push: true, inventory: true };
  const { result } = await shrinkHere(engine, pushed);
  const again = await shrinkHere(engine, pushed);
  await engine.removeImage(`${repository}:one`);
  expect(again.result.manifestDigest).toBe(result.manifestDigest);
  expect(result.manifest.result.repositoryDigests).toEqual([`${repository}@${result.manifestDigest}`]);
  const opened = engine.openRepository(repository);
  const tag = result.manifestDigest?.replace(':', '-') ?? '';
  const index = JSON.parse(String((await opened.getManifest(tag))?.content));
  expect(index.manifests).toHaveLength(1);
  const [{ artifactType, digest }] = index.manifests;
  expect(artifactType).toBe(BILL);
  const referrer = JSON.parse(String((await opened.getManifest(digest))?.content));
  expect(referrer.subject.digest).toBe(result.manifestDigest);
  const bill = await fetch(`http://${registry.name}/v2/keepset/small/blobs/${referrer.layers[0].digest}`);
  expect(await bill.text()).toBe(await billOf(result.manifest));
});

it('an image has statements attached, signed, whose type clients can choose by', async () => {
  const destination = `${registry.name}/keepset/stated:one`;
  const layout = join(folder, 'stated');
  const outputs = [
    { type: 'oci', destination: layout, asFolder: true },
    { type: 'registry', destination },
  ] as const;
  const { packages } = await listPackages(engine, request.image ?? '', { onEvent() {} });
  const purl = packages.find((each) => each.package.name === 'perl-base')?.package.purl;
  const match = { vulnerability: { id: 'CVE-2024-1' }, artifact: { purl } };
  const findings = toFindings({ matches: [match] }) as Findings;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signingKey = readSigningKey(String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  const vex = { findings, author: 'us', createdAt: '2024-01-01T00:00:00Z' };
  const wanted = { attest: true, provenance: true, vex, signingKey, sbom: false, outputs, tags: [] };
  const { result } = await shrinkHere(engine, { ...request, ...wanted });
  const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
  const types = manifests
    .slice(1)
    .map((each: { annotations: object }) => (each.annotations as Record<string, string>)[PREDICATE_TYPE]);
  expect(types).toEqual([
    'https://in-toto.io/attestation/runtime-trace/v0.1',
    'https://slsa.dev/provenance/v1',
    'https://openvex.dev/ns/v0.2.0',
  ]);
  const opened = engine.openRepository(`${registry.name}/keepset/stated`);
  const listed = await opened.getManifest(result.manifestDigest?.replace(':', '-') ?? '');
  expect(JSON.parse(String(listed?.content)).manifests).toEqual(manifests.slice(1));
  for (const [index, { digest, artifactType }] of manifests.slice(1).entries()) {
    expect(artifactType).toBe('application/vnd.dsse.envelope.v1+json');
    const { layers } = JSON.parse(String((await opened.getManifest(digest))?.content));
    expect(layers[0].annotations[PREDICATE_TYPE]).toBe(types[index]);
    const file = join(layout, 'blobs', layers[0].digest.replace(':', '/'));
    const { payload, payloadType, signatures } = JSON.parse(readFileSync(file, 'utf8'));
    const text = Buffer.from(payload, 'base64').toString();
    const signed = `DSSEv1 ${payloadType.length} ${payloadType} ${Buffer.byteLength(text)} ${text}`;
    expect(verify(null, Buffer.from(signed), publicKey, Buffer.from(signatures[0].sig, 'base64'))).toBe(true);
    const { subject, predicateType } = JSON.parse(text);
    expect(predicateType).toBe(types[index]);
    expect(subject.map((each: { digest: object }) => each.digest)).toEqual([
      { sha256: result.manifestDigest?.slice('sha256:'.length) },
    ]);
  }
});
