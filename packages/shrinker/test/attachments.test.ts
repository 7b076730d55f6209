import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Engine } from '@keepset/docker-engine';
import { readManifest, writeBill, writeManifest } from '@keepset/manifest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensurePrograms } from '../../../test-fixtures/ensure-programs.ts';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { startRegistry, type TestRegistry } from '../../../test-fixtures/registry.ts';
import { shrinkHere } from './shrink-here.ts';

const run = promisify(execFile);
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
