import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { explain, readManifest, type StoredManifest, writeManifest } from '@keepset/manifest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { restore } from '../src/index.js';
import { exportTree } from './exported-tree.ts';
import { runHere, shrinkHere } from './shrink-here.ts';

let engine: Engine;
let base: string;
let manifest: StoredManifest;
let shrunkId: string;
// Of this process alone: the same request elsewhere on the engine makes, and removes, the same image.
const VERSION = `test-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'test-'));
const made = new Set<string>();

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
  const command = ['sh', '-c', 'ls /usr/share/doc/dash; cat /etc/debian_version'];
  const { result } = await shrinkHere(engine, {
    image: base,
    command,
    version: VERSION,
    keep: { listed: 'stub' },
  });
  shrunkId = result.id;
  made.add(result.id);
  await writeManifest(result.manifest, join(folder, 'manifest.json'));
  manifest = await readManifest(join(folder, 'manifest.json'));
});
afterAll(async () => {
  for (const id of made) await engine.removeImage(id);
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function restoreHere(wishes: { paths?: readonly string[]; packages?: readonly string[] }) {
  const result = await restore(engine, { manifest, tags: [], version: VERSION, ...wishes }, { onEvent() {} });
  made.add(result.id);
  return result;
}

it('adds what is wanted to what was kept, as the source has it, and the result runs it', async () => {
  const result = await restoreHere({ paths: ['/usr/bin/wc', '/etc/issu*'] });
  const [source, after] = [await exportTree(engine, base), await exportTree(engine, result.id)];
  const before = await exportTree(engine, shrunkId);
  expect([...before.keys()].filter((path) => !after.has(path))).toEqual([]);
  expect(after.get('/usr/bin/wc')).toEqual(source.get('/usr/bin/wc'));
  expect(after.get('/etc/issue')).toEqual(source.get('/etc/issue'));
  expect(result.added).toBe(after.size - before.size);
  expect((await engine.inspectImage(result.id))?.config).toEqual((await engine.inspectImage(base))?.config);
  expect(await runHere(engine, result.id, ['wc', '-l', '/etc/debian_version'])).toEqual({
    exitStatus: 0,
    output: '1 /etc/debian_version\n',
  });
  expect((await runHere(engine, shrunkId, ['sh', '-c', 'wc -l </dev/null'])).exitStatus).toBe(127);
  // The new list makes the same files again.
  const locked = await shrinkHere(engine, {
    image: base,
    command: ['true'],
    locked: result.keepList,
    version: VERSION,
    verify: false,
  });
  made.add(locked.result.id);
  expect([...(await exportTree(engine, locked.result.id)).keys()]).toEqual([...after.keys()]);
  // And the new manifest says what was asked for, beside what the runs were for; nothing is called verified.
  const file = join(folder, 'restored.json');
  await writeManifest(result.manifest, file);
  const restored = await readManifest(file);
  expect(restored).toMatchObject({ verified: false, runs: [{ name: 'main' }] });
  expect(await explain('/etc/issue', restored)).toContain('  asked for by the pattern /etc/issu*');
  expect(await explain('/etc/debian_version', restored)).toEqual(
    await explain('/etc/debian_version', manifest),
  );
});

it('fills what was kept empty, and adds packages whole', async () => {
  const before = await exportTree(engine, shrunkId);
  const path = '/usr/share/doc/dash/copyright';
  expect(manifest.keptPaths).toContainEqual({ path, stub: true });
  const result = await restoreHere({ paths: [path], packages: ['base-files'] });
  const [source, after] = [await exportTree(engine, base), await exportTree(engine, result.id)];
  expect(before.get(path)?.content).not.toBe(source.get(path)?.content);
  expect(after.get(path)).toEqual(source.get(path));
  for (const file of ['/etc/issue', '/etc/debian_version', '/usr/share/doc/base-files/copyright'])
    expect(after.get(file), file).toEqual(source.get(file));
});

it('is an error when the source has nothing of the name, or has gone', async () => {
  await expect(restoreHere({ paths: ['/none'], packages: ['none'] })).rejects.toMatchObject({
    code: 'NOT_IN_SOURCE',
    message: "the source has nothing named '/none', 'none'",
  });
  const gone = { ...manifest, source: { ...manifest.source, id: `sha256:${'0'.repeat(64)}` } };
  const request = { manifest: gone, paths: ['/etc/issue'], tags: [], version: VERSION };
  await expect(restore(engine, request, { onEvent() {} })).rejects.toMatchObject({ code: 'SOURCE_GONE' });
});
