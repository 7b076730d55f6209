import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAnswers } from '../../../test-fixtures/answering.ts';
import {
  type LayerEntry,
  type Packing,
  toBlobs,
  toDockerArchive,
  toLayout,
  toTar,
  writeArchive,
  writeFolder,
} from '../../image-source/test/make-image.ts';
import { findLeftFolders } from '../src/inputs/session-folder.js';
import { PROGRAM, runKeepset } from './run-keepset.ts';

/** Whoever asks an engine fails. */
const NO_ENGINE = { DOCKER_HOST: 'tcp://127.0.0.1:1' };
const STATUS = `Package: hello
Status: install ok installed
Architecture: all
Version: 1.0

`;
const BASE: readonly LayerEntry[] = [
  ['etc/'],
  ['etc/motd', {}, 'hello'],
  ['etc/same', {}, 'bytes'],
  ['var/'],
  ['var/lib/'],
  ['var/lib/dpkg/'],
  ['var/lib/dpkg/status', {}, STATUS],
  ['var/lib/dpkg/info/'],
  ['var/lib/dpkg/info/hello.list', {}, '/etc\n/etc/motd\n'],
];

/** Of a shrink that kept one file of an image. */
function manifestOf(id: string): object {
  const file = { type: 'file', mode: 0o644, uid: 0, gid: 0, mtimeSeconds: 0, sizeBytes: 5, owners: [] };
  return {
    manifestVersion: 1,
    source: { reference: 'hello:1', id, sizeBytes: 10, config: {} },
    result: { id, layerDigest: id, sizeBytes: 5 },
    platform: { os: 'linux', architecture: 'amd64' },
    runs: [],
    programs: [],
    kept: [{ path: '/etc/motd', ...file, reasons: [{ rule: 'keep', from: '/etc/motd' }] }],
    removed: [],
  };
}

let folder: string;
let temporary: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  temporary = join(folder, 'temporary');
  await mkdir(temporary);
  const base = await toTar(BASE);
  const above = await toTar([['etc/.wh.motd'], ['etc/same', {}, 'bites']]);
  const layout = [
    { image: toBlobs([base], { packing: 'zstd' }), tag: '1.0' },
    { image: toBlobs([base, above], { packing: 'gzip' }), tag: '2.0' },
  ];
  await writeFolder(join(folder, 'layout'), toLayout(layout));
  await writeArchive(join(folder, 'oci.tar'), toLayout(layout.slice(1)));
  await writeArchive(join(folder, 'docker.tar'), toDockerArchive([{ layers: [base], tags: ['hello:1'] }]));
  const written = async (name: string, layer: Buffer, packing: Packing = 'none') =>
    await writeFolder(join(folder, name), toLayout([{ image: toBlobs([layer], { packing }) }]));
  await written('hostile', await toTar([['../../etc/passwd', {}, 'x']]));
  await written('absolute', await toTar([['/etc/passwd', {}, 'x']]));
  await written('signs', await toTar([['etc/\u001b[2J\nmotd', { type: 'link', linkname: 'none' }]]));
  await written('short', base.subarray(0, 1300));
  await written('bomb', await toTar([['zeros', {}, Buffer.alloc(1.1e9)]]), 'zstd');
  const spoilt = toBlobs([base]);
  for (const [digest, blob] of spoilt.blobs)
    if (blob instanceof Buffer) spoilt.blobs.set(digest, Buffer.concat([blob, Buffer.alloc(10)]));
  await writeFolder(join(folder, 'spoilt'), toLayout([{ image: spoilt }]));
  const id = toBlobs([base]).id;
  await writeFile(join(folder, 'm.json'), JSON.stringify(manifestOf(id)));
});
afterAll(async () => await rm(folder, { recursive: true }));

describe('without an engine', () => {
  it.each(['oci:layout:1.0', 'docker-archive:docker.tar', 'docker-archive:docker.tar:hello:1'])(
    'packages of %s',
    async (name) => {
      const { status, stdout, stderr } = await runKeepset(folder, ['packages', '--json', name], NO_ENGINE);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout).packages).toMatchObject([{ package: { name: 'hello', version: '1.0' } }]);
    },
  );

  it('ls of an image: paths and packages', async () => {
    const { status, stdout } = await runKeepset(folder, ['ls', 'docker-archive:docker.tar'], NO_ENGINE);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\/etc\/motd\n/);
    expect(stdout).toMatch(/10 paths, \d+ B\n$/);
    const args = ['ls', '--by', 'package', '--json', '--platform', 'linux/amd64', 'oci-archive:oci.tar'];
    const packages = JSON.parse((await runKeepset(folder, args, NO_ENGINE)).stdout);
    expect(packages).toEqual([expect.objectContaining({ paths: 9 })]);
  });

  it('affected of images, by package and by content', async () => {
    const names = ['docker-archive:docker.tar', 'oci:layout:2.0'];
    const images = names.flatMap((name) => ['--image', name]);
    const sha256 = createHash('sha256').update('hello').digest('hex');
    const args = ['affected', '--json', '--fail-on', 'present', ...images, 'hello', sha256];
    const { status, stdout } = await runKeepset(folder, args, NO_ENGINE);
    expect(status).toBe(1);
    const rows = JSON.parse(stdout).map((row: Record<string, string>) => [
      row.manifest,
      row.query,
      row.status,
    ]);
    expect(rows).toEqual([
      [names[0], 'hello', 'present'],
      [names[0], sha256, 'present'],
      // A file that is nobody's bears its name.
      [names[1], 'hello', 'unknown'],
      [names[1], sha256, 'unaffected'],
    ]);
  });

  it('emit, with the source in an archive', async () => {
    const emit = ['emit', 'dockerfile', '-o', 'context', '--source'];
    const { status } = await runKeepset(folder, [...emit, 'docker-archive:docker.tar', 'm.json'], NO_ENGINE);
    expect(status).toBe(0);
    expect(await readFile(join(folder, 'context/Dockerfile'), 'utf8')).toContain('CMD ["/bin/true"]');
    const other = await runKeepset(
      folder,
      [...emit, 'oci:layout:2.0', 'm.json'].map((word) => word.replace('context', 'other')),
      NO_ENGINE,
    );
    expect(other).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^keepset: the image is sha256:\w+, and/),
    });
  });

  it.each([
    ['two tags of a layout', 'oci:layout:1.0', 'oci:layout:2.0'],
    ['one of docker and one of OCI', 'docker-archive:docker.tar', 'oci-archive:oci.tar'],
  ])('diff of %s', async (_, before, after) => {
    const { status, stdout } = await runKeepset(folder, ['diff', '--csv', before, after], NO_ENGINE);
    expect(status).toBe(0);
    // What is of the same size and time is told apart by its content.
    const rows = stdout.trim().split('\n').slice(1);
    expect(
      rows.map((row) => row.split(',').filter((field) => /^\/|^(?:added|removed|changed)/.test(field))),
    ).toEqual([expect.arrayContaining(['/etc/motd']), expect.arrayContaining(['/etc/same'])]);
  });

  describe('an image is written, the same from each place, by', () => {
    const PLACES = ['oci:layout:1.0', 'docker-archive:docker.tar'];
    const LOCKED = ['shrink', '--locked', 'list', '--no-verify'];
    const run = (line: readonly string[]) => runKeepset(folder, line, NO_ENGINE);
    beforeAll(() => writeFile(join(folder, 'list'), '/\n/etc\n/etc/motd\n'));

    it.each([
      ['flatten', ['flatten']],
      ['shrink --locked', LOCKED],
    ])('%s', async (_, words) => {
      const lines = PLACES.map((name, at) => [...words, '-q', '-o', `type=oci,dest=out-${at}.tar`, name]);
      const [one, other] = await Promise.all(lines.map(run));
      expect(one).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^sha256:/) });
      expect(other).toEqual(one);
    });

    it('restore, which is told where the source is: a manifest is not believed', async () => {
      const shrunk = [
        ...LOCKED,
        '--metadata',
        'none',
        '--manifest',
        'locked.json',
        '-o',
        'type=tar,dest=a.tar',
      ];
      expect((await run([...shrunk, 'oci:layout:1.0'])).status).toBe(0);
      const restored = ['restore', '--json', '-o', 'type=tar,dest=b.tar', 'locked.json', '/etc/same'];
      const made = await run([...restored, '--source', 'docker-archive:docker.tar']);
      expect(JSON.parse(made.stdout)).toMatchObject({ entries: 4, verified: false });
      expect((await run(restored)).stderr).toMatch(/127\.0\.0\.1:1/);
      const other = await run([...restored, '--source', 'oci-archive:oci.tar']);
      expect(other).toMatchObject({ status: 1, stderr: expect.stringMatching(/manifest is of sha256:/) });
    });
  });

  it.each<[string, string[], RegExp]>([
    [
      'a name alone',
      ['flatten', '-t', 'x:1'],
      /no engine answers that could hold 'x:1'\n {2}Start one, or .*-o type=oci/,
    ],
    [
      'a command',
      ['shrink', '-o', 'type=oci,dest=x.tar'],
      /in no engine, so no command.*\n {2}Give --locked LIST or --from FILE/,
    ],
    [
      'a proof',
      ['shrink', '--locked', 'list', '-o', 'type=oci,dest=x.tar'],
      /cannot be held against it\n {2}Add --no-verify/,
    ],
  ])('is asked for by %s, in two lines', async (_, args, said) => {
    await writeFile(join(folder, 'list'), '/\n/etc\n');
    const { status, stderr } = await runKeepset(folder, [...args, 'oci:layout:1.0'], NO_ENGINE);
    expect(status).toBe(2);
    expect(stderr).toMatch(said);
  });

  it.each([
    ['no such file', 'docker-archive:none.tar', 1, /'none.tar': there is no such file/],
    ['no such tag', 'oci:layout:3.0', 1, /holds no image '3.0'\n {2}It holds 1.0, 2.0\./],
    [
      'a transport without a place',
      'oci:',
      2,
      /'oci:' does not say which image\n {2}It is written oci:FOLDER/,
    ],
    [
      'a layer that leaves the image',
      'oci:hostile',
      1,
      /the name "..\/..\/etc\/passwd" leads through '\.\.'/,
    ],
    [
      'a transport that is mistyped',
      'oic:layout:1.0',
      2,
      /names no transport that is read here\n {2}It is written/,
    ],
    ['several images', 'oci:layout', 1, /holds 2 images for linux\/\w+: 1.0, 2.0\n {2}Name a tag/],
    ['an absolute name', 'oci:absolute', 1, /the name "\/etc\/passwd" /],
    ['a name with signs that act', 'oci:signs', 1, /the layer sha256:\w+ of 'signs': [ -~]+$/m],
    ['a layer that is cut short', 'oci:short', 1, /'short': it ends early/],
    [
      'a layer that was changed',
      'oci:spoilt',
      1,
      /'spoilt' has more than the \d+ bytes .*\n {2}It was damaged/,
    ],
    [
      'a layer that unpacks to far more',
      'oci:bomb',
      1,
      /the layer sha256:\w+ of .bomb. unpacks to more than 200 times its \d+ bytes/,
    ],
    [
      'a registry that does not answer',
      'docker://127.0.0.1:2/a',
      1,
      /the registry 127.0.0.1:2 does not answer/,
    ],
  ])('%s is said in two lines', async (_, name, status, message) => {
    const outcome = await runKeepset(folder, ['packages', name], { ...NO_ENGINE, TMPDIR: temporary });
    expect(await readdir(temporary)).toEqual([]);
    expect(outcome).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(message) });
    expect(outcome.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  });

  it.each<[string, RequestListener, RegExp]>([
    [
      '401',
      (_, response) => response.writeHead(401).end(),
      /answers 401 for the manifest 1 of .*\n {2}Log in/,
    ],
    ['404', (_, response) => response.writeHead(404).end(), /has no manifest 1 of/],
    [
      '429',
      (_, response) =>
        response.writeHead(429, { 'retry-after': '0' }).end('{"errors":[{"message":"slow\\ndown"}]}'),
      /answers 429 for the manifest 1 of .*: slow down\n {2}Try again later/,
    ],
    ['a page', (_, response) => response.end('<html>'), /the manifest of .* is not JSON/],
    ['nothing, and goes', (_, response) => response.destroy(), /does not answer, or stops \(ECONNRESET\)/],
  ])('a registry that answers %s is said in two lines', async (_, listener, message) => {
    await withAnswers(listener, async (name) => {
      const outcome = await runKeepset(folder, ['ls', `docker://${name}/a:1`], NO_ENGINE);
      expect(outcome).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(message) });
      expect(outcome.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    });
  });

  it('a command that is killed, without an engine, leaves what prune knows', async () => {
    const image = toBlobs([await toTar(BASE)]);
    const [layer] = [...image.blobs].find(([, blob]) => blob instanceof Buffer) as [string, Buffer];
    const place = join(folder, 'killed');
    await mkdir(place);
    let child: ChildProcess | undefined;
    const hanging: RequestListener = ({ url = '' }, response) => {
      const digest = /sha256:\w+/.exec(url)?.[0] ?? image.descriptor.digest;
      if (digest === layer) child?.kill('SIGKILL');
      else response.end(url.endsWith('/v2/') ? '{}' : image.blobs.get(digest));
    };
    await withAnswers(hanging, async (name) => {
      const args = [PROGRAM, 'flatten', '-o', `type=oci,dest=${folder}/killed.tar`, `docker://${name}/a`];
      const env = { ...process.env, ...NO_ENGINE, TMPDIR: place };
      child = spawn(process.execPath, args, { env, stdio: 'ignore' });
      expect((await once(child, 'exit'))[1]).toBe('SIGKILL');
    });
    const left = (await readdir(place)).map((each) => join(place, each));
    const outer = process.env.TMPDIR;
    try {
      process.env.TMPDIR = place;
      expect(findLeftFolders(false)).toMatchObject({ left: left.map((path) => ({ path })) });
    } finally {
      if (outer === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = outer;
    }
    expect(left).toHaveLength(1);
  });

  it('a plain name is still an engine’s', async () => {
    const { stderr } = await runKeepset(folder, ['packages', 'debian:12'], NO_ENGINE);
    expect(stderr).toMatch(/engine/);
  });
});
