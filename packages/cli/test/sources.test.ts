import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type LayerEntry,
  toBlobs,
  toDockerArchive,
  toLayout,
  toTar,
  writeArchive,
  writeFolder,
} from '../../image-source/test/make-image.ts';
import { runKeepset } from './run-keepset.ts';

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

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  const base = await toTar(BASE);
  const above = await toTar([['etc/.wh.motd'], ['etc/same', {}, 'bites']]);
  const layout = [
    { image: toBlobs([base], { packing: 'zstd' }), tag: '1.0' },
    { image: toBlobs([base, above], { packing: 'gzip' }), tag: '2.0' },
  ];
  await writeFolder(join(folder, 'layout'), toLayout(layout));
  await writeArchive(join(folder, 'oci.tar'), toLayout(layout.slice(1)));
  await writeArchive(join(folder, 'docker.tar'), toDockerArchive([{ layers: [base], tags: ['hello:1'] }]));
  const hostile = await toTar([['../../etc/passwd', {}, 'x']]);
  await writeFolder(join(folder, 'hostile'), toLayout([{ image: toBlobs([hostile]) }]));
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

  it('flatten, shrink --locked and restore write an image, the same from each place', async () => {
    await writeFile(join(folder, 'list'), '/\n/etc\n/etc/motd\n');
    const ids = async (...args: string[]) => {
      const run = (name: string) =>
        runKeepset(
          folder,
          [
            ...args.slice(0, -1),
            '-q',
            '-o',
            'type=oci,dest=out.tar',
            name,
            ...args.slice(-1).filter(Boolean),
          ],
          NO_ENGINE,
        );
      return await Promise.all(
        ['oci:layout:1.0', 'docker-archive:docker.tar'].map(async (name) => await run(name)),
      );
    };
    for (const args of [
      ['flatten', ''],
      ['shrink', '--locked', 'list', '--no-verify', ''],
    ]) {
      const [one, other] = await ids(...args);
      expect(one).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^sha256:/) });
      expect(other).toEqual(one);
    }
    const locked = [
      'shrink',
      '--locked',
      'list',
      '--no-verify',
      '--metadata',
      'none',
      '--manifest',
      'm.json',
      '-q',
    ];
    const made = await runKeepset(
      folder,
      [...locked, '-o', 'type=tar,dest=a.tar', 'oci:layout:1.0'],
      NO_ENGINE,
    );
    expect(made.status).toBe(0);
    const restored = await runKeepset(
      folder,
      ['restore', '--json', '-o', 'type=tar,dest=b.tar', 'm.json', '/etc/same'],
      NO_ENGINE,
    );
    expect(JSON.parse(restored.stdout)).toMatchObject({ entries: 4, verified: false });
    const elsewhere = [
      'restore',
      '-o',
      'type=tar,dest=b.tar',
      '--source',
      'oci-archive:oci.tar',
      'm.json',
      '/etc/same',
    ];
    expect(await runKeepset(folder, elsewhere, NO_ENGINE)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/manifest is of sha256:/),
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
      'a registry that does not answer',
      'docker://127.0.0.1:2/a',
      1,
      /the registry 127.0.0.1:2 does not answer/,
    ],
  ])('%s is said in two lines', async (_, name, status, message) => {
    const outcome = await runKeepset(folder, ['packages', name], NO_ENGINE);
    expect(outcome).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(message) });
    expect(outcome.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  });

  it('a plain name is still an engine’s', async () => {
    const { stderr } = await runKeepset(folder, ['packages', 'debian:12'], NO_ENGINE);
    expect(stderr).toMatch(/engine/);
  });
});
