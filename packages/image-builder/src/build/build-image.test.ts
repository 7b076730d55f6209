import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Engine, EngineError, type ImageDetails, runProgram } from '@keepset/docker-engine';
import { type ImageSource, openEngineImage } from '@keepset/image-source';
import {
  type ImageReader,
  openImageReader,
  provideToolbox,
  type Toolbox,
  toolCommand,
} from '@keepset/toolbox';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../../test-fixtures/images.ts';
import { CONFIGURATION_KEYS } from '../configuration/configuration-keys.test-helper.js';
import { buildImage } from './build-image.js';
import { completePaths } from './complete-paths.js';
import type { BuiltImage } from './configure-image.js';

const TAG = 'keepset/test-config:build';
const CONFIGURED = `
COPY note /note
ENV A="b c" EMPTY="" LANG=C
ENTRYPOINT ["/bin/sh", "-c"]
CMD ["echo 'a b'", ""]
USER 1234:5678
WORKDIR /work
EXPOSE 80/tcp 53/udp
VOLUME ["/volume", "/a volume"]
LABEL org.example.label="of the image" other=""
HEALTHCHECK --interval=30s CMD ["/bin/true"]
STOPSIGNAL SIGINT
ONBUILD RUN true
SHELL ["/bin/bash", "-c"]
`;

let engine: Engine;
let toolbox: Toolbox;
let source: ImageDetails;
let reader: ImageReader;
let content: ImageSource;
let paths: string[];
const built: string[] = [];

async function build(request: Partial<Parameters<typeof buildImage>[2]> = {}): Promise<BuiltImage> {
  const layersByDiffId = source.layersByDiffId;
  const image = await buildImage(engine, content, { layersByDiffId, paths, createdBy: 'test', ...request });
  built.push(image.id);
  return image;
}

async function imageOf(reference: string): Promise<ImageDetails> {
  const image = await engine.inspectImage(reference);
  if (image === undefined) throw new Error(`the engine has no ${reference}`);
  return image;
}

/** A reader of a result; each test closes its own. */
const readResult = async ({ id }: BuiltImage) => await openImageReader(engine, await imageOf(id), toolbox);

async function listPaths(of: ImageReader, ...folders: string[]): Promise<string[]> {
  const text = await runProgram(of.container, { command: toolCommand('find', [...folders, '-print0']) });
  return text.toString('latin1').split('\0').filter(Boolean).sort();
}

const describeTree = async (of: ImageReader, ...folders: string[]) =>
  (await runProgram(of.container, { command: ['/fidelity/describe', ...folders] }))
    .toString('latin1')
    .split('\n');

let described: Promise<string> | undefined;
/** What the result shows of /live. */
function describeOnce(): Promise<string> {
  described ??= (async () => {
    await using result = await readResult(await build());
    return (await describeTree(result, '/live')).join('\n');
  })();
  return described;
}

beforeAll(async () => {
  engine = await connectTestEngine();
  const dockerfile = `FROM ${await ensureImage(engine, 'metadata')}\n${CONFIGURED}`;
  await engine.buildImage(
    [
      { header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) },
      { header: { name: 'note' }, content: Buffer.from('a note\n') },
    ],
    { tag: TAG },
  );
  source = await imageOf(TAG);
  toolbox = await provideToolbox(engine, source.id, source.architecture);
  reader = await openImageReader(engine, source, toolbox);
  // Not listed yet: /live comes first.
  content = openEngineImage(reader, source);
  // What an engine's own commit would have dropped: extended attributes, parts of a second, holes.
  await runProgram(reader.container, { command: ['/bin/sh', '/fidelity/make-metadata', '/live'] });
  const libraries = await listPaths(reader, '/lib64', '/usr/lib64', '/usr/lib/x86_64-linux-gnu/libc.so.6');
  paths = [
    ...[
      '/',
      '/etc',
      '/fidelity',
      '/fidelity/describe',
      '/lib',
      '/usr',
      '/usr/lib',
      '/usr/lib/x86_64-linux-gnu',
    ],
    ...[
      '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
      '/volume',
      '/volume/below',
      '/volume/file',
      '/work',
    ],
    ...libraries,
    ...(await listPaths(reader, '/live')).filter((path) => !path.startsWith('/live/many/')),
  ];
  paths = [...new Set(paths)].sort();
});
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  for (const id of new Set(built)) await engine?.removeImage(id);
  await engine?.removeImage(TAG);
});

describe('the result', () => {
  it('has exactly the paths that were asked for', async () => {
    await using result = await readResult(await build());
    const listing = Buffer.concat(await Array.fromAsync(result.readListing('%p\\0')));
    const found = listing.toString('latin1').split('\0').filter(Boolean).sort();
    // The engine makes a folder for each volume.
    expect(found.filter((path) => !/^\/(a volume|made)/.test(path))).toEqual(paths);
  });

  it('has every kind of metadata as the source has it', async () => {
    await using result = await readResult(await build());
    const before = (await describeTree(reader, '/live', '/fidelity/describe')).filter(
      (line) => !/^\/live\/many[/ ]/.test(line),
    );
    const after = (await describeTree(result, '/live', '/fidelity/describe')).filter(
      (line) => !/^\/live\/many[/ ]/.test(line),
    );
    // Docker's own unpacking fills holes.
    expect(after.map((line) => line.replace(' holes', ''))).toEqual(
      before.map((line) => line.replace(' holes', '')),
    );
  });

  it.each([
    ['a mode without any right', /^\/live\/mode-0000 mode=100000/m],
    ['setuid', /^\/live\/mode-4755 mode=104755/m],
    ['setgid', /^\/live\/mode-2755 mode=102755/m],
    ['sticky', /^\/live\/mode-1777 mode=101777/m],
    ['an owner', /^\/live\/owned .*owner=1234:4321 /m],
    ['an owner beyond a header', /^\/live\/owned-by-many .*owner=3000000:3000001 /m],
    ['a time with parts of a second', /^\/live\/fine .*mtime=1323785716\.123456789 /m],
    ['an extended attribute', /^\/live\/attribute .* user\.note=00ff0a3d$/m],
    ['a file capability', /^\/live\/capable .* security\.capability=[0-9a-f]{40}$/m],
    ['an access control list', /^\/live\/acl .* system\.posix_acl_access=[0-9a-f]{88}$/m],
    ['a default access control list', /^\/live\/heritable .* system\.posix_acl_default=[0-9a-f]{88}$/m],
    ['a hard link', /^\/live\/hard-2 .* same-as=\/live\/elsewhere\/hard-3 /m],
    ['a link', /^\/live\/link mode=120777 owner=1234:4321 .* target=old$/m],
    ['a link to nowhere', /^\/live\/dangling mode=120777 .* target=nowhere$/m],
    ['a pipe', /^\/live\/fifo mode=010644/m],
    ['an empty folder', /^\/live\/empty mode=041770 owner=7:8 /m],
    ['a name that is no UTF-8', /^\/live\/bytes%FF%FE mode=100644/m],
    ['a name of several lines', /^\/live\/new%0Aline mode=100644/m],
    ['a long name', /^\/live\/n{200}\/n{200} mode=100644/m],
  ])('has %s', async (_, pattern) => {
    expect(await describeOnce()).toMatch(pattern);
  });

  it('is the same image each time, also through another container', async () => {
    const sorted = paths.filter((path) => !path.startsWith('/live'));
    const [first, again] = [await build({ paths: sorted }), await build({ paths: sorted })];
    await using other = await openImageReader(engine, source, toolbox);
    const third = await buildImage(engine, openEngineImage(other, source), {
      paths: sorted,
      createdBy: 'test',
    });
    expect([first.existed, again.existed, third.existed]).toEqual([false, true, true]);
    expect([again.id, third.id]).toEqual([first.id, first.id]);
  });

  it('is the same image in whatever order, and how often, the list names its paths', async () => {
    const some = paths.filter((path) => !path.startsWith('/live/'));
    const [first, mixed] = [
      await build({ paths: some }),
      await build({ paths: [...some.toReversed(), ...some] }),
    ];
    expect(mixed.id).toBe(first.id);
  });

  it('is the same image whether the engine takes the layer alone, first, or only with its configuration', async () => {
    const sorted = paths.filter((path) => !path.startsWith('/live/'));
    const request = { paths: sorted, createdBy: 'test of two ways' };
    const taken: string[] = [];
    const tellingEngine: Engine = {
      ...engine,
      async importLayer(tar) {
        taken.push(await engine.importLayer(tar));
        return taken.at(-1) as string;
      },
    };
    const alone = await buildImage(tellingEngine, content, { layersByDiffId: true, ...request });
    await engine.removeImage(alone.id);
    expect(taken).toHaveLength(1);
    expect(await engine.inspectImage(taken[0] as string)).toBeUndefined();
    const together = await build({ ...request, layersByDiffId: false });
    expect(together).toEqual(alone);
  });

  it('is built all the same by an engine that wants the layer in the archive after all', async () => {
    const loads: number[] = [];
    const strict: Engine = {
      ...engine,
      async loadImage(archive) {
        const bytes = Buffer.concat(await Array.fromAsync(archive));
        loads.push(bytes.length);
        if (loads.length === 1) throw new EngineError('ENGINE_FAILED', 'a layer is missing');
        return await engine.loadImage(Readable.from([bytes]));
      },
    };
    const request = { layersByDiffId: true, createdBy: 'test of a strict engine' };
    const image = await buildImage(strict, content, { ...request, paths: ['/etc', '/etc/passwd'] });
    built.push(image.id);
    expect(loads[1]).toBeGreaterThan(loads[0] as number);
    expect((await imageOf(image.id)).diffIds).toEqual(image.layers.map(({ diffId }) => diffId));
  });

  it('tells of its files what they hold, in the one pass, and is the same image', async () => {
    const digests = new Map<string, string>();
    const plain = await build();
    const told = await build({ onFile: (path, sha256) => void digests.set(path, sha256) });
    expect(told).toMatchObject({ id: plain.id, existed: true });
    const files = paths.filter((path) => !path.includes('\n') && /^\/live\/[\x20-\x7e]+$/.test(path));
    const command = [
      '/bin/sh',
      '-c',
      'for f; do test -f "$f" && test ! -L "$f" && sha256sum "$f"; done; true',
      'sh',
    ];
    const output = await runProgram(reader.container, { command: [...command, ...files] });
    const lines = output.toString().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(19);
    for (const line of lines) expect([line, digests.get(line.slice(66))]).toEqual([line, line.slice(0, 64)]);
    // One of several names of a file has the content, the others have what it has.
    expect(digests.get('/live/hard-2')).toBe(digests.get('/live/hard-1'));
    // Whatever the bytes of its name.
    for (const path of ['/live/bytes\xff\xfe', '/live/new\nline']) expect(digests.has(path)).toBe(true);
  });

  it("has the source's configuration, all of it", async () => {
    const result = await imageOf((await build()).id);
    expect(result.config).toEqual(source.config);
    for (const key of CONFIGURATION_KEYS) expect(result.config[key], key).toBeTruthy();
    expect(result).toMatchObject({
      created: source.created,
      architecture: source.architecture,
      os: 'linux',
      tags: [],
    });
  });

  it('holds stubs where it was told to, which are no hard links', async () => {
    const stubs = new Set(['/live/elsewhere/hard-3', '/live/old']);
    await using result = await readResult(await build({ stubs }));
    const lines = await describeTree(result, '/live');
    const lineOf = (path: string) => lines.find((line) => line.startsWith(`${path} `));
    expect(lineOf('/live/elsewhere/hard-3')).toContain('size=0 content=');
    expect(lineOf('/live/old')).toMatch(/mode=100644 owner=0:0 mtime=981173106.000000000 size=0/);
    expect(lineOf('/live/hard-1')).toContain('size=7 content=');
    expect(lineOf('/live/hard-2')).toContain('size=7 same-as=/live/hard-1');
  });
});

describe('when it cannot be built', () => {
  let temporary: string;
  // Others on this machine make such folders, too.
  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'keepset-test-'));
    vi.stubEnv('TMPDIR', temporary);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(temporary, { recursive: true });
  });
  const leftOver = async () =>
    (await readdir(temporary)).filter((name) => /^keepset-[A-Za-z0-9]{6}$/.test(name));

  it('leaves no image and no file when paths do not exist, and names them all', async () => {
    const loads: string[] = [];
    const watched: Engine = {
      ...engine,
      async loadImage(archive) {
        loads.push('load');
        return await engine.loadImage(archive);
      },
    };
    const before = await leftOver();
    // The second is a file of the engine's, where the image has nothing; the third is not in its own name.
    const missing = ['/dev/null', '/none/a\nb\xff', '/none/here'];
    const request = { paths: ['/etc', ...missing], createdBy: 'test' };
    await expect(buildImage(watched, content, request)).rejects.toMatchObject({
      code: 'BUILD_PATHS_MISSING',
      message: 'the source lacks 3 of the 4 paths to keep: /dev/null, /none/a\\nb\ufffd, /none/here',
      paths: missing,
    });
    expect(loads).toEqual([]);
    expect((await leftOver()).filter((name) => !before.includes(name))).toEqual([]);
  });

  it('has a message with an end, however many paths are missing', async () => {
    const missing = Array.from(
      { length: 5000 },
      (_, number) => `/none/${'n'.repeat(200)}-${10_000 + number}`,
    );
    const error: Error & { paths?: readonly string[] } = await build({ paths: ['/etc', ...missing] }).then(
      () => expect.fail('it was built'),
      (reason) => reason,
    );
    expect(error.paths).toEqual(missing);
    expect(error.message).toMatch(/lacks 5000 of the 5001 paths to keep: \/none\/n+-10000 and 4999 more$/);
  });

  it.each([true, false])(
    'leaves nothing when the tar is stopped half-way (imported: %s)',
    async (layersByDiffId) => {
      await using stopped = await openImageReader(engine, source, toolbox);
      const taken: string[] = [];
      const tellingEngine: Engine = {
        ...engine,
        async importLayer(tar) {
          taken.push(await engine.importLayer(tar));
          return taken[0] as string;
        },
        async loadImage(archive) {
          taken.push(await engine.loadImage(archive));
          return taken[0] as string;
        },
      };
      const before = await leftOver();
      const folders = ['/usr/lib', '/usr/share'];
      let killed: Promise<void> | undefined;
      const half = buildImage(tellingEngine, openEngineImage(stopped, source), {
        layersByDiffId,
        paths: await listPaths(reader, ...folders),
        createdBy: 'test of a tar that ends early',
        onBytes: (sizeBytes) => {
          if (sizeBytes > 1_000_000) killed ??= stopped.container.kill('KILL');
        },
      });
      await expect(half).rejects.toMatchObject({
        code: expect.stringMatching(/EXEC_FAILED|SOURCE_BAD_LAYER/),
      });
      await killed;
      expect(taken).toEqual([]);
      expect((await leftOver()).filter((name) => !before.includes(name))).toEqual([]);
    },
  );

  it('leaves nothing when the engine refuses the archive', async () => {
    const ids: string[] = [];
    const refusing: Engine = {
      ...engine,
      async loadImage(archive) {
        ids.push(await engine.loadImage(archive));
        throw new Error('the connection broke');
      },
    };
    const request = { paths: ['/etc'], createdBy: 'test of a broken load' };
    await expect(buildImage(refusing, content, request)).rejects.toThrow('the connection broke');
    expect(ids).toHaveLength(1);
    expect(await engine.inspectImage(ids[0] ?? '')).toBeUndefined();
  });

  it.each([true, false])('says so when the tar has no end (imported: %s)', async (layersByDiffId) => {
    const cut: ImageReader = {
      ...reader,
      async *readArchive(...args) {
        let chunk = Buffer.alloc(0);
        for await (const next of reader.readArchive(...args)) chunk = Buffer.concat([chunk, next]);
        yield chunk.subarray(0, 1024);
      },
    };
    const request = { layersByDiffId, paths: ['/etc', '/etc/passwd'], createdBy: 'test' };
    await expect(buildImage(engine, openEngineImage(cut, source), request)).rejects.toMatchObject({
      code: 'SOURCE_BAD_LAYER',
    });
  });

  it('is an error when paths lead through links, which it names', async () => {
    await expect(build({ paths: ['/', '/bin/cat', '/etc', '/lib/os-release'] })).rejects.toMatchObject({
      code: 'BUILD_PATHS_NOT_REAL',
      message:
        '/bin/cat is /usr/bin/cat through the link /bin, /lib/os-release is /usr/lib/os-release through the link /lib',
      paths: ['/bin/cat', '/lib/os-release'],
    });
  });

  it('works, or is refused by name, whatever list it is made of', async () => {
    const tree = await content.tree();
    const needed = fc
      .constantFrom('/bin/cat', '/usr/bin/cat', '/bin/..//bin/./cat')
      .map((cat) => [cat, '/lib64/ld-linux-x86-64.so.2', '/lib/x86_64-linux-gnu/libc.so.6']);
    const files = fc.subarray(
      ['/etc/debian_version', '/lib/os-release', '/etc/os-release', '/usr/lib/../lib/os-release'],
      { minLength: 1 },
    );
    const unreal = fc.subarray(['/none', '/bin/none', '/etc/passwd/below']);
    const lists = fc.record({ needed, files, unreal });
    await fc.assert(
      fc.asyncProperty(lists, async ({ needed, files, unreal }) => {
        const list = [...needed, ...files];
        // As it is: /bin is a link, and so are /lib and /lib64.
        await expect(build({ paths: [...list, ...unreal] })).rejects.toMatchObject(
          unreal.length === 0
            ? { code: 'BUILD_PATHS_NOT_REAL', paths: list.filter((path) => !tree.has(path)).sort() }
            : { code: 'BUILD_PATHS_MISSING', paths: unreal.toSorted() },
        );
        if (unreal.length > 0)
          await expect(completePaths([...list, ...unreal], content)).rejects.toMatchObject({
            code: 'BUILD_PATHS_MISSING',
            paths: unreal,
          });
        await using result = await readResult(await build({ paths: await completePaths(list, content) }));
        const command = [needed[0] as string, ...files];
        const printed = await Promise.all(
          [reader, result].map(({ container }) => runProgram(container, { command })),
        );
        expect(printed[1]).toEqual(printed[0]);
      }),
      { numRuns: 4 },
    );
  });

  it('is an error when it is to go nowhere', async () => {
    const request = { paths: ['/etc'], createdBy: 'test' };
    await expect(buildImage(undefined, content, request)).rejects.toMatchObject({
      code: 'BUILD_OUTPUT_FAILED',
    });
  });

  it.each([[[]], [['/']]])('is an error when nothing is to be kept: %j', async (nothing) => {
    await expect(build({ paths: nothing })).rejects.toMatchObject({ code: 'BUILD_NOTHING_KEPT' });
  });
});
