import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { explain, readManifest, type StoredManifest, writeManifest } from '@keepset/manifest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { restore } from '../src/index.js';
import { type ScannedPackage, scanDebian } from './documented-scanner.ts';
import { type ExportedEntry, exportTree, notOfTheSource } from './exported-tree.ts';
import { type HereOptions, runHere, shrinkHere } from './shrink-here.ts';

// Name and version are of this process alone: the same request elsewhere on the engine makes, and removes, the same image.
const SOURCE = `keepset/test-metadata-${process.pid}`;
const COMMAND = ['sh', '-c', 'perl -e "print 1"; sort /etc/debian_version; cat /etc/pam.conf'];
const folder = mkdtempSync(join(tmpdir(), 'test-metadata-'));

let engine: Engine;
let source: ReadonlyMap<string, ExportedEntry>;
const made = new Set<string>();

beforeAll(async () => {
  engine = await connectTestEngine();
  const dockerfile = `FROM ${await ensureBase(engine)}
RUN mkdir -p /srv/node_modules/used /srv/node_modules/unused
RUN for name in used unused; do echo "{\\"name\\":\\"$name\\",\\"version\\":\\"1.0.0\\"}" >/srv/node_modules/$name/package.json; echo >/srv/node_modules/$name/index.js; done
`;
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], {
    tag: SOURCE,
  });
  source = await exportTree(engine, SOURCE);
});
afterAll(async () => {
  for (const id of made) await engine.removeImage(id);
  await engine.removeImage(SOURCE);
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function shrinkMetadata(request: HereOptions = {}) {
  const { result, events } = await shrinkHere(engine, {
    image: SOURCE,
    command: COMMAND,
    version: SOURCE,
    inventory: true,
    ...request,
  });
  made.add(result.id);
  const file = join(folder, `${made.size}.json`);
  await writeManifest(result.manifest, file);
  const notes = events.flatMap((event) => (event.kind === 'note' ? [event.message] : []));
  return { result, notes, stored: await readManifest(file), tree: await exportTree(engine, result.id) };
}

async function scan(
  id: string,
  tree: ReadonlyMap<string, ExportedEntry>,
): Promise<readonly ScannedPackage[]> {
  await using container = await engine.createContainer(
    { Image: id, Entrypoint: ['none'], HostConfig: { NetworkMode: 'none' } },
    'test',
  );
  const contents = new Map<string, string>();
  for await (const { header, content } of (await container.getFiles('/var/lib/dpkg')) ?? [])
    contents.set(
      `/var/lib/${header.name.replace(/\/$/, '')}`,
      Buffer.concat(await Array.fromAsync(content)).toString(),
    );
  return scanDebian(tree, (path) => contents.get(path) ?? '');
}

/** What the manifest says is in the result: packages of which a file is kept. */
function inManifest({ inventory, entries }: StoredManifest): string[] {
  const present = new Set<number>();
  for (const { type, isKept, owners } of entries.values())
    if (isKept && type !== 'directory') for (const owner of owners) present.add(owner);
  return [...present]
    .flatMap((index) => inventory?.packages[index] ?? [])
    .filter(({ ecosystem }) => ecosystem === 'deb')
    .map(({ name, version, architecture }) => `${name} ${version} ${architecture}`)
    .sort();
}

const described = (packages: readonly ScannedPackage[]) =>
  packages.map(({ name, version, architecture }) => `${name} ${version} ${architecture}`).sort();

describe('a shrunken Debian image', () => {
  it('has, to a scanner, the packages of the manifest and none that are gone, with files that are there as they were', async () => {
    const { result, stored, tree } = await shrinkMetadata();
    expect(result.verified).toBe(true);
    const scanned = await scan(result.id, tree);
    expect(scanned.length).toBeGreaterThan(5);
    expect(described(scanned)).toEqual(inManifest(stored));
    const names = scanned.map(({ name }) => name);
    expect(names).toContain('perl-base');
    expect(names).not.toContain('apt');
    for (const { name, files } of scanned)
      for (const file of files) expect(tree.get(file), `${name}: ${file}`).toEqual(source.get(file));
    expect(scanned.find(({ name }) => name === 'libpam-runtime')?.files).toEqual(['/etc/pam.conf']);
    expect(notOfTheSource(source, tree, result.manifest)).toEqual([]);
  });

  it('tells of what was generated, and why; a list of what is kept does not', async () => {
    const { result, stored } = await shrinkMetadata({ keep: { keep: ['/srv/node_modules/used/index.js'] } });
    const perl = '/var/lib/dpkg/status.d/perl-base';
    const own = result.manifest.generated?.find(({ path }) => path === perl);
    expect(stored.generated.get(perl)).toEqual({
      type: 'file',
      sizeBytes: own?.content?.byteLength,
      mode: 0o644,
      mtimeSeconds: source.get('/var/lib/dpkg/status')?.mtimeSeconds,
      sha256: createHash('sha256')
        .update(own?.content ?? '')
        .digest('hex'),
      from: '/var/lib/dpkg/status',
    });
    expect(await explain(perl, stored)).toEqual([
      `${perl} is generated: the source has it not`,
      '  package metadata, for scanners: made from /var/lib/dpkg/status of what is left',
    ]);
    const json = '/srv/node_modules/used/package.json';
    expect(await explain(json, stored)).toEqual([
      `${json} is kept`,
      '  package metadata, for scanners: pkg:npm/used@1.0.0',
      '  belongs to used 1.0.0 (npm)',
    ]);
    expect(result.keepList).not.toMatch(/dpkg|package\.json/);
    expect(stored.keptPaths.map(({ path }) => path)).not.toContain(json);
    expect(stored.entries.get('/srv/node_modules/unused/package.json')?.isKept).toBe(false);
  });

  it.each<[string, HereOptions]>([
    ['from its keep list', {}],
    ['by a Dockerfile that removes the rest', { builder: 'dockerfile' }],
  ])('is the same image again %s', async (_, request) => {
    const { result } = await shrinkMetadata();
    const again = await shrinkMetadata({ ...request, locked: result.keepList });
    expect(again.result.id).toBe(result.id);
  });

  it('leaves the database alone that the command reads, and adds none beside it', async () => {
    const command = ['sh', '-c', 'head -n 3 /var/lib/dpkg/status'];
    const { result, notes, tree } = await shrinkMetadata({ command });
    expect(result.verified).toBe(true);
    expect(tree.get('/var/lib/dpkg/status')).toEqual(source.get('/var/lib/dpkg/status'));
    expect(result.manifest.generated).toEqual([]);
    expect(notes.join()).toMatch(/var\/lib\/dpkg\/status: a run used it/);
  });

  it('does the same where the command lists the folder of the database', async () => {
    const { result } = await shrinkMetadata({ command: ['sh', '-c', 'ls /var/lib/dpkg | wc -l'] });
    expect(result.verified).toBe(true);
  });

  it.each<[NonNullable<HereOptions['metadata']>, (path: string) => boolean]>([
    ['all', (path) => path === '/var/lib/dpkg/status' || /^\/var\/lib\/dpkg\/info\/.+\.list$/.test(path)],
    ['none', () => false],
  ])('has with --metadata %s the databases as they are, or none', async (metadata, isThere) => {
    const { result, tree } = await shrinkMetadata({ metadata });
    expect(result.manifest.generated).toEqual([]);
    const databases = (of: ReadonlyMap<string, ExportedEntry>) =>
      [...of.keys()].filter((path) => /\/dpkg\/(?:status|info\/.+\.list)$/.test(path));
    expect(databases(tree)).toEqual(databases(source).filter(isThere));
    expect(notOfTheSource(source, tree, {})).toEqual([]);
  });

  it('tells of what is restored as well', async () => {
    const { result, stored } = await shrinkMetadata();
    const restored = await restore(
      engine,
      { manifest: stored, tags: [], version: SOURCE, paths: ['/usr/bin/apt'] },
      { onEvent() {} },
    );
    made.add(restored.id);
    const [before, after] = [
      await scan(result.id, await exportTree(engine, result.id)),
      await scan(restored.id, await exportTree(engine, restored.id)),
    ];
    const added = described(after).filter((text) => !described(before).includes(text));
    // With the program come the libraries that it loads, and their packages.
    const names = added.map((text) => text.split(' ')[0]);
    expect(names).toEqual(expect.arrayContaining(['apt', 'libapt-pkg6.0', 'libstdc++6']));
    expect(names.filter((name) => !/^(apt|lib.*|zlib1g)$/.test(name ?? ''))).toEqual([]);
    // It starts; what it reads besides nobody asked for.
    expect((await runHere(engine, restored.id, ['apt', '--version'])).exitStatus).not.toBe(127);
    expect((await runHere(engine, restored.id, COMMAND)).exitStatus).toBe(0);
  });
});
