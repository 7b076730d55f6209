import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Engine } from '@keepset/docker-engine';
import { hashContents, type ImageSource, openSource, parseSourceName } from '@keepset/image-source';
import { readManifest, writeManifest } from '@keepset/manifest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePrograms } from '../../../test-fixtures/ensure-programs.ts';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import { startRegistry } from '../../../test-fixtures/registry.ts';
import { allCases } from '../../image-source/test/images-of-layers.ts';
import { toDockerArchive, toTar, writeArchive } from '../../image-source/test/make-image.ts';
import { flatten, restore, type ShrinkOptions, shrink, traceToFile } from '../src/index.js';

const run = promisify(execFile);
const VERSION = 'test of given sources';
const streams = { onEvent() {}, onOutput() {} };
const KINDS = ['docker-archive', 'oci', 'oci-archive', 'docker'] as const;

let engine: Engine;
let folder: string;
const opened = new AsyncDisposableStack();
/** Images by the engine's ids. */
const ids = { layers: '', metadata: '', static: '' };
let registry: string;

/** `docker save` into a file. */
async function saveImage(id: string, file: string): Promise<void> {
  const { protocol, pathname, hostname, port } = new URL(engine.details.address);
  const where = protocol === 'unix:' ? { socketPath: pathname } : { hostname, port };
  const answer = await new Promise<AsyncIterable<Uint8Array>>((resolve, reject) => {
    get({ ...where, path: `/images/${id}/get` }, resolve).on('error', reject);
  });
  await pipeline(answer, createWriteStream(file));
}

/** The same configuration and layers as an OCI layout; large layers plain, others packed. */
async function toLayout(archive: string, layout: string): Promise<void> {
  const saved = `${archive}.files`;
  for (const each of [saved, `${layout}/blobs/sha256`]) await mkdir(each, { recursive: true });
  await run('tar', ['-C', saved, '-xf', archive]);
  const put = async (mediaType: string, bytes: Uint8Array) => {
    const digest = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(layout, 'blobs/sha256', digest), bytes);
    return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
  };
  const [{ Config, Layers }] = JSON.parse(await readFile(join(saved, 'manifest.json'), 'utf8'));
  const layers = [];
  for (const name of Layers) {
    const tar = await readFile(join(saved, name));
    const bytes = tar.length < 50_000_000 ? gzipSync(tar, { level: 1 }) : tar;
    layers.push(await put('application/vnd.oci.image.layer.v1.tar', bytes));
  }
  const config = await put('application/vnd.oci.image.config.v1+json', await readFile(join(saved, Config)));
  const manifest = { schemaVersion: 2, config, layers };
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const index = { schemaVersion: 2, manifests: [await put(type, Buffer.from(JSON.stringify(manifest)))] };
  await writeFile(join(layout, 'index.json'), JSON.stringify(index));
  await writeFile(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await rm(saved, { recursive: true });
}

beforeAll(async () => {
  await ensurePrograms('skopeo');
  engine = opened.use(await connectTestEngine());
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  opened.defer(() => rm(folder, { recursive: true }));
  registry = opened.use(await startRegistry(folder)).name;
  const layers = await Promise.all(allCases().map(toTar));
  const made = await writeArchive(join(folder, 'made.tar'), toDockerArchive([{ layers }]));
  ids.layers = await engine.loadImage(createReadStream(made));
  opened.defer(() => engine.removeImage(ids.layers));
  for (const name of ['metadata', 'static'] as const)
    ids[name] = (await engine.inspectImage(await ensureImage(engine, name)))?.id ?? '';
  for (const [name, id] of Object.entries(ids)) {
    const at = join(folder, name);
    await saveImage(id, `${at}.docker-archive`);
    await toLayout(`${at}.docker-archive`, `${at}.oci`);
    if (name === 'metadata') continue;
    await run('tar', ['-C', `${at}.oci`, '-cf', `${at}.oci-archive`, '.']);
    // The configuration stays as it is: another would be another image.
    const copy = ['copy', '-q', '--format', 'v2s2', '--dest-tls-verify=false'];
    await run('skopeo', [...copy, `docker-archive:${at}.docker-archive`, `docker://${registry}/${name}:1`]);
  }
});
afterAll(() => opened.disposeAsync());

async function openCopy(name: keyof typeof ids, kind: (typeof KINDS)[number]): Promise<ImageSource> {
  const text = kind === 'docker' ? `docker://${registry}/${name}:1` : `${kind}:${folder}/${name}.${kind}`;
  const source = parseSourceName(text);
  if (source.transport === 'docker-daemon') throw new Error('it is no engine’s');
  return await openSource(source);
}

/** Into a place of its own, which is all that is left of it. */
const outputs = () => [{ type: 'oci' as const, destination: join(folder, `out-${Math.random()}.tar`) }];

describe.each<[keyof typeof ids, readonly (typeof KINDS)[number][]]>([
  ['layers', KINDS],
  ['static', KINDS],
  // Half a gigabyte, with every kind of metadata.
  ['metadata', ['oci']],
])('the image %s', (name, kinds) => {
  it('is flattened to one id, by an engine and from each place without one', async () => {
    const image = ids[name];
    const request = { image, tags: [], version: VERSION, outputs: outputs() };
    const byEngine = await flatten(engine, request, streams);
    for (const kind of kinds) {
      await using source = await openCopy(name, kind);
      const made = await flatten(undefined, { ...request, image: kind, source, outputs: outputs() }, streams);
      expect([kind, made.id, made.entries, made.manifestDigest]).toEqual([
        kind,
        byEngine.id,
        byEngine.entries,
        byEngine.manifestDigest,
      ]);
    }
  });
});

describe('what was traced in an engine', () => {
  let trace: string;
  let manifest: string;
  let keepList: string;
  let id: string;
  const common = { tags: [], inventory: true, verify: false, version: VERSION } as const;

  beforeAll(async () => {
    trace = join(folder, 'a.trace');
    manifest = join(folder, 'manifest.json');
    const runs = [
      { name: 'main', command: ['sh', '-c', 'ls /metadata; cat /metadata/hard-2 /etc/debian_version'] },
    ];
    const keep = { listed: 'stub', keep: ['/metadata/elsewhere'] } as const;
    await traceToFile(engine, { image: ids.metadata, runs, version: VERSION }, trace, streams);
    const from = { files: [trace] };
    const made = await shrink(engine, { ...common, keep, from, runs: [], outputs: outputs() }, streams);
    await writeManifest(made.manifest, manifest);
    ({ keepList, id } = made);
  });

  it('is shrunk without one to the same id: by the trace, by the list', async () => {
    await using source = await openCopy('metadata', 'oci');
    const keep = { listed: 'stub', keep: ['/metadata/elsewhere'] } as const;
    const request: ShrinkOptions = { ...common, source, image: 'oci:x', runs: [], outputs: outputs() };
    const byTrace = await shrink(undefined, { ...request, keep, from: { files: [trace] } }, streams);
    expect(byTrace).toMatchObject({ id, verified: false, keepList });
    const byList = await shrink(undefined, { ...request, locked: keepList, outputs: outputs() }, streams);
    expect(byList.id).toBe(id);
    expect(byList.manifest.inventory?.packages.length).toBeGreaterThan(50);
  });

  it('gets files back from either, the same', async () => {
    const stored = await readManifest(manifest);
    const request = {
      manifest: stored,
      paths: ['/metadata/mode-4755'],
      tags: [],
      version: VERSION,
    };
    const byEngine = await restore(engine, { ...request, outputs: outputs() }, streams);
    await using source = await openCopy('metadata', 'oci');
    const made = await restore(undefined, { ...request, source, outputs: outputs() }, streams);
    expect([made.id, made.added, made.keepList]).toEqual([byEngine.id, byEngine.added, byEngine.keepList]);
    await using other = await openCopy('layers', 'oci');
    const refused = restore(undefined, { ...request, source: other, outputs: outputs() }, streams);
    await expect(refused).rejects.toMatchObject({ code: 'SOURCES_DIFFER' });
  });

  it('cannot be verified, and no command can be run, where no engine has the image', async () => {
    await using source = await openCopy('static', 'oci');
    const request = { ...common, source, image: 'oci:x', runs: [], outputs: outputs() };
    const failures: [Partial<ShrinkOptions>, string, RegExp][] = [
      [{ locked: keepList, verify: true }, 'NOT_RUN', /verify/],
      [{}, 'NOT_RUN', /keep list/],
      [{ from: { files: [trace] } }, 'SOURCES_DIFFER', /./],
      [{ locked: keepList, outputs: [] }, 'NO_ENGINE', /output/],
      [{ locked: '/bin/show\n', builder: 'dockerfile' }, 'NO_ENGINE', /directly/],
    ];
    for (const [options, code, hint] of failures)
      await expect(shrink(undefined, { ...request, ...options }, streams)).rejects.toMatchObject({
        code,
        hint: expect.stringMatching(hint),
      });
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('.keepset-'))).toEqual([]);
  });
});

it('layers that skopeo wrote with a table of contents hold by it what they hold from front to end', async () => {
  const copy = ['copy', '-q', '--dest-compress-format', 'zstd:chunked'];
  for (const name of ['layers', 'static'] as const) {
    const path = join(folder, `${name}.chunked`);
    await run('skopeo', [...copy, `docker-archive:${folder}/${name}.docker-archive`, `oci:${path}:1`]);
    const facts = async (unpackOnce: boolean) => {
      await using image = await openSource({ transport: 'oci', path, tag: '1' }, { unpackOnce });
      const tree = [...(await image.tree()).entries()];
      const paths = tree.map(({ path }) => path);
      const files = tree.flatMap(({ path, type }) => (type === 'file' ? [path] : []));
      const entries = await Array.fromAsync(image.entries(paths), ({ content, ...each }) => each);
      return [entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)), await hashContents(image, files)];
    };
    expect(await facts(false)).toEqual(await facts(true));
  }
});

it('a result of a given source goes into an engine where there is one, and is the same', async () => {
  await using source = await openCopy('static', 'oci');
  const request = { image: 'oci:static', source, tags: ['keepset/test-given:flat'], version: VERSION };
  const made = await flatten(engine, request, streams);
  opened.defer(() => engine.removeImage('keepset/test-given:flat'));
  expect(await engine.inspectImage('keepset/test-given:flat')).toMatchObject({ id: made.id });
  const { id } = await flatten(engine, { image: ids.static, tags: [], version: VERSION }, streams);
  expect(id).toBe(made.id);
});
