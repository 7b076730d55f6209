import type { Engine, ImageDetails } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectTestEngine, ensureBase, ensureImage } from '../../../test-fixtures/images.ts';
import { type LayerEntry, toDockerArchive, toTar } from '../../image-source/test/make-image.ts';
import { runHere, shrinkHere } from './shrink-here.ts';

const NAME = `keepset/test-hostile-${process.pid}`;
let engine: Engine;
let base: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

async function build(tag: string, lines: readonly string[]): Promise<string> {
  const content = Buffer.from([`FROM ${base}`, ...lines].join('\n'));
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content }], { tag: `${NAME}:${tag}` });
  return `${NAME}:${tag}`;
}

describe('what an image holds where keepset works in other images changes nothing', () => {
  it.each<[string, readonly string[]]>([
    [
      'programs in place of the toolbox, with a VOLUME over them',
      [
        'RUN mkdir -p /.keepset/bin /.keepset/lib && for name in loader bin/env bin/setpriv bin/strace bin/tar bin/find; do printf "#!/bin/sh\\ntouch /taken-over; exit 7\\n" >/.keepset/$name && chmod 755 /.keepset/$name; done',
        'VOLUME ["/.keepset/bin", "/.keepset/lib", "/.keepset"]',
      ],
    ],
    [
      'a fifo in place of the trace, and a link in place of a folder',
      [
        'RUN mkdir /.keepset-trace && mkfifo /.keepset-trace/trace && ln -s /etc /.keepset && ln -s /etc /.keepset-mounts',
      ],
    ],
    [
      'variables of the loader and of the locale',
      [
        'ENV LD_SHOW_AUXV=1 GLIBC_TUNABLES=glibc.malloc.check=3 LC_ALL=de_DE.UTF-8 TAR_OPTIONS=--bad POSIXLY_CORRECT=1',
      ],
    ],
    ['libraries for all programs', ['RUN echo /nowhere/preloaded.so >/etc/ld.so.preload']],
  ])('%s', async (what, lines) => {
    const image = await build('source', lines);
    const command = ['cat', '/etc/debian_version'];
    const { result } = await shrinkHere(engine, { image, command });
    expect(result.verified).toBe(true);
    // Mount points of the image's own volumes stay.
    expect(result.keepList).not.toMatch(/keepset-|loader|strace|fifo/);
    // Addresses and process ids vary.
    const shown = async (of: string) => {
      const { exitStatus, output } = await runHere(engine, of, command);
      return {
        exitStatus,
        output: output
          .replaceAll(/0x[0-9a-f]+|\d+/g, 'n')
          .split('\n')
          .toSorted(),
      };
    };
    if (!what.startsWith('variables')) expect(await shown(result.id)).toEqual(await shown(image));
    expect(result.manifest.runs[0]?.traceLines).toBeGreaterThan(5);
    await engine.removeImage(result.id);
    await engine.removeImage(image);
    // The next image of all has a toolbox that is whole.
    const next = await shrinkHere(engine, { image: base, command });
    expect(next.result.verified).toBe(true);
    await engine.removeImage(next.result.id);
  });

  it('a user that does not exist is named, whatever the locale of the image', async () => {
    const image = await build('locale', ['ENV LC_ALL=de_DE.UTF-8 LANGUAGE=de', 'RUN useradd -u 77 someone']);
    const failing = shrinkHere(engine, { image, command: ['no-such-program'], options: { user: 'someone' } });
    await expect(failing).rejects.toMatchObject({ code: 'COMMAND_NOT_FOUND' });
    await engine.removeImage(image);
  });
});

it('a whiteout that the merged view shows is no file', async () => {
  const image = await build('whiteouts', [
    'RUN mkdir /w && echo a >/w/a && echo b >/w/.wh.b && mkdir /w/.wh.d && echo c >/w/.wh.d/c',
  ]);
  const { result, stdout } = await shrinkHere(engine, { image, command: ['cat', '/w/a'] });
  expect({ stdout, verified: result.verified }).toEqual({ stdout: 'a\n', verified: true });
  await engine.removeImage(result.id);
  await engine.removeImage(image);
});

describe('an image of as many layers as an engine takes', () => {
  /** The program and the data of a small image, and layers upon them that say which is the uppermost. */
  async function stack(count: number): Promise<string> {
    const source = await ensureImage(engine, 'static');
    await using container = await engine.createContainer({ Image: source }, 'test');
    const entries: LayerEntry[] = [['bin/']];
    for (const path of ['/bin/show', '/data'])
      for await (const { content } of (await container.getFiles(path)) ?? [])
        entries.push([path.slice(1), { mode: 0o755 }, Buffer.concat(await Array.fromAsync(content))]);
    const upper = Array.from({ length: count - 1 }, (_, at) => toTar([['data', {}, `layer ${at + 2}\n`]]));
    const layers = await Promise.all([toTar(entries), ...upper]);
    const files = [...toDockerArchive([{ layers }])].map(
      ([name, content]): LayerEntry => [name, {}, content],
    );
    return await engine.loadImage(
      (async function* () {
        yield await toTar(files);
      })(),
    );
  }

  it('is read through all of them', async () => {
    const image = await stack(125);
    const { result, stdout } = await shrinkHere(engine, { image, command: ['/bin/show', '/data'] });
    expect({ stdout, verified: result.verified }).toEqual({ stdout: 'layer 125\n', verified: true });
    await engine.removeImage(result.id);
    await engine.removeImage(image);
  });
});

it('a clock that jumps changes nothing', async () => {
  const request = { image: base, command: ['cat', '/etc/debian_version'], options: { network: 'none' } };
  const steady = await shrinkHere(engine, request);
  const { now } = Date;
  let jumps = 0;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + (jumps++ % 2 === 0 ? 1 : -1) * 4e10);
  const { result } = await shrinkHere(engine, request).finally(() => clock.mockRestore());
  expect({ id: result.id, verified: result.verified }).toEqual({ id: steady.result.id, verified: true });
  for (const { seconds } of result.stages) expect(seconds).toBeGreaterThanOrEqual(0);
  await engine.removeImage(result.id);
});

it('labels of keepset that an image carries are not handed on', async () => {
  const image = await build('labels', [
    'LABEL org.keepset.role=layer org.keepset.session=0b8d1f8e-0000-4000-8000-000000000000 org.example.kept=yes',
  ]);
  const { result } = await shrinkHere(engine, { image, command: ['true'] });
  const { config } = (await engine.inspectImage(result.id)) as ImageDetails;
  expect(config.Labels).toEqual({ 'org.example.kept': 'yes' });
  await engine.removeImage(result.id);
  await engine.removeImage(image);
});
