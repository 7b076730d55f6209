import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOOLBOX_PROGRAMS } from '../toolbox-layout.js';
import { readHostToolbox } from './host-toolbox.js';

const HERE = arch() === 'x64' ? 'amd64' : arch();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

describe("this machine's programs", () => {
  it('are all there, with one loader and every library, and run from where they are put', async () => {
    const files = await readHostToolbox(HERE);
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['loader', ...TOOLBOX_PROGRAMS.map((name) => `bin/${name}`)]),
    );
    for (const [name, bytes] of files) {
      const path = join(folder, 'toolbox', name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
      await chmod(path, 0o755);
    }
    for (const program of TOOLBOX_PROGRAMS) {
      const own = (path: string) => join(folder, 'toolbox', path);
      const args = ['--inhibit-cache', '--library-path', own('lib'), own(`bin/${program}`), '--version'];
      expect(execFileSync(own('loader'), args).toString(), program).toMatch(/\d+\.\d+/);
    }
  });

  it('do not serve another architecture', async () => {
    await expect(readHostToolbox('s390x')).rejects.toMatchObject({
      code: 'TOOLBOX_UNAVAILABLE',
      message: expect.stringContaining('the image s390x'),
      hint: expect.stringContaining('set `source` to `image`'),
    });
  });

  it.each([
    ['tar', '#!/bin/sh\necho bsdtar 3\n', /tar/],
    ['find', '#!/bin/sh\necho busybox find\n', /find/],
  ])('do not serve when %s is not the one that is needed', async (program, script, reason) => {
    const path = join(folder, 'false');
    await mkdir(path, { recursive: true });
    await writeFile(join(path, program), script);
    await chmod(join(path, program), 0o755);
    const read = readHostToolbox(HERE, `${path}:${process.env.PATH}`);
    await expect(read).rejects.toMatchObject({
      code: 'TOOLBOX_UNAVAILABLE',
      message: expect.stringMatching(reason),
    });
    await rm(path, { recursive: true });
  });
});
