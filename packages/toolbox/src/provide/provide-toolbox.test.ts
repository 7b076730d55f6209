import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Container, type Engine, type ImageDetails, runProgram } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase, ensureImage } from '../../../../test-fixtures/images.ts';
import { openImageReader } from '../reader/image-reader.js';
import { TOOLBOX_FOLDER, TOOLBOX_PROGRAMS, toolCommand } from '../toolbox-layout.js';
import { readHostToolbox } from './host-toolbox.js';
import { provideToolbox } from './provide-toolbox.js';

let engine: Engine;
/** The engine, and how often files were put into a container of it. */
let watched: Engine;
let puts = 0;
const volumes = new Set<string>();
let image: ImageDetails;
/** Stands in front of the volume's name: other tests share this engine. */
const PREFIX = `keepset-test-${process.pid}-`;

beforeAll(async () => {
  engine = await connectTestEngine();
  image = (await engine.inspectImage(await ensureImage(engine, 'static'))) as ImageDetails;
  watched = {
    ...engine,
    async ensureVolume(name) {
      volumes.add(PREFIX + name);
      await engine.ensureVolume(PREFIX + name);
    },
    async createContainer(config, role) {
      const mounts = config.HostConfig?.Mounts?.map((mount) => ({ ...mount, Source: PREFIX + mount.Source }));
      const HostConfig = { ...config.HostConfig, ...(mounts && { Mounts: mounts }) };
      const container = await engine.createContainer({ ...config, HostConfig }, role);
      const putFiles: Container['putFiles'] = async (folder, files) => {
        puts++;
        await container.putFiles(folder, files);
      };
      return { ...container, putFiles };
    },
  };
});
afterAll(async () => {
  for (const volume of volumes) await engine?.removeVolume(volume);
  await engine?.[Symbol.asyncDispose]();
});

async function runAll(toolbox: Awaited<ReturnType<typeof provideToolbox>>, on: Engine) {
  await using reader = await openImageReader(on, image, toolbox);
  const versions: string[] = [];
  for (const program of TOOLBOX_PROGRAMS)
    versions.push(
      (await runProgram(reader.container, { command: toolCommand(program, ['--version']) })).toString(),
    );
  return versions;
}

describe('the toolbox', () => {
  it('is put into its volume once, with programs that run where there is nothing else', async () => {
    const first = await provideToolbox(watched, image.id, image.architecture, { source: 'host' });
    expect(puts).toBe(2);
    const second = await provideToolbox(watched, image.id, image.architecture);
    expect(puts).toBe(2);
    expect(second).toEqual(first);
    expect(first.volume).toBe(`keepset-toolbox-${image.architecture}-${first.digest.slice(0, 12)}`);
    expect(first.mount).toMatchObject({ Source: first.volume, Target: TOOLBOX_FOLDER, ReadOnly: true });
    for (const version of await runAll(first, watched)) expect(version).toMatch(/\d+\.\d+/);
  });

  it('is put there again when it was left half filled', async () => {
    const before = puts;
    const toolbox = await provideToolbox(watched, image.id, image.architecture);
    const mounts = [{ ...toolbox.mount, ReadOnly: false }];
    const base = await ensureBase(engine);
    await using container = await watched.createContainer(
      {
        Image: base,
        Entrypoint: ['sh', '-c', `cd ${TOOLBOX_FOLDER} && rm verified-* bin/tar && echo x >bin/find`],
        HostConfig: { Mounts: mounts, NetworkMode: 'none' },
      },
      'test',
    );
    await container.start();
    expect(await container.wait()).toBe(0);
    await provideToolbox(watched, image.id, image.architecture);
    expect(puts).toBe(before + 2);
    expect(await runAll(toolbox, watched)).toHaveLength(TOOLBOX_PROGRAMS.length);
  });

  it('is not used where something else is in its volume', async () => {
    const toolbox = await provideToolbox(watched, image.id, image.architecture);
    await using container = await watched.createContainer(
      {
        Image: await ensureBase(engine),
        Entrypoint: [
          'sh',
          '-c',
          `cd ${TOOLBOX_FOLDER} && rm verified-* && mkdir lib/glibc-hwcaps && echo x >lib/other.so`,
        ],
        HostConfig: { Mounts: [{ ...toolbox.mount, ReadOnly: false }], NetworkMode: 'none' },
      },
      'test',
    );
    await container.start();
    expect(await container.wait()).toBe(0);
    const refused = provideToolbox(watched, image.id, image.architecture);
    await expect(refused).rejects.toMatchObject({
      code: 'TOOLBOX_UNAVAILABLE',
      hint: expect.stringContaining('docker volume rm'),
    });
    await container[Symbol.asyncDispose]();
    for (const volume of volumes) await engine.removeVolume(volume);
  });

  it('comes out of an image that is built for it', async () => {
    const base = await ensureBase(engine);
    const toolbox = await provideToolbox(engine, image.id, image.architecture, { source: 'image', base });
    for (const version of await runAll(toolbox, engine)) expect(version).toMatch(/\d+\.\d+/);
  });

  it("is installed by the image's own package manager, which leaves the image as it is", async () => {
    const base = (await engine.inspectImage(await ensureBase(engine))) as ImageDetails;
    const toolbox = await provideToolbox(engine, base.id, base.architecture, { source: 'install' });
    for (const version of await runAll(toolbox, engine)) expect(version).toMatch(/\d+\.\d+/);
    await using untouched = await engine.createContainer({ Image: base.id, Cmd: ['true'] }, 'test');
    expect(await untouched.statPath('/usr/bin/strace')).toBeUndefined();
  });

  it('is not installed in an image without a package manager', async () => {
    const asked = provideToolbox(engine, image.id, image.architecture, { source: 'install' });
    await expect(asked).rejects.toMatchObject({
      code: 'TOOLBOX_UNAVAILABLE',
      message: expect.stringContaining('none of apt-get, apk, dnf, microdnf, zypper'),
    });
  });

  it('comes out of a folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'toolbox-'));
    const from = () => provideToolbox(engine, image.id, image.architecture, { source: `dir=${folder}` });
    await expect(from()).rejects.toMatchObject({ message: expect.stringContaining('holds no toolbox') });
    for (const [name, bytes] of await readHostToolbox(image.architecture)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    const host = await provideToolbox(engine, image.id, image.architecture, { source: 'host' });
    expect(await from()).toEqual(host);
    rmSync(folder, { recursive: true });
    await expect(from()).rejects.toMatchObject({
      code: 'TOOLBOX_UNAVAILABLE',
      message: expect.stringContaining('ENOENT'),
    });
  });

  it('is not had from an image that is not there, or holds none', async () => {
    const from = (reference: string) =>
      provideToolbox(engine, image.id, image.architecture, { source: `image=${reference}` });
    await expect(from('keepset/none:none')).rejects.toMatchObject({ code: 'TOOLBOX_UNAVAILABLE' });
    await expect(from(image.id)).rejects.toMatchObject({
      code: 'TOOLBOX_UNAVAILABLE',
      message: expect.stringContaining('holds no toolbox'),
    });
  });

  it('is not had for an architecture that no source has', async () => {
    for (const source of ['auto', 'host', 'image', 'install'] as const)
      await expect(provideToolbox(engine, image.id, 's390x', { source })).rejects.toMatchObject({
        code: 'TOOLBOX_WRONG_ARCHITECTURE',
        message: expect.stringContaining('emulation'),
      });
  });
});
