import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASES } from '../../test/images-of-layers.ts';
import { type LayerEntry, toBlobs, toLayout, toTar, writeFolder } from '../../test/make-image.ts';
import type { ImageSource } from '../image-source.js';
import { openOciLayout } from '../sources/open-oci-layout.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

/** Bytes, and then holes. */
const SPARSE: readonly LayerEntry[] = [
  ['before', {}, 'x'],
  [
    'sparse',
    { pax: { 'GNU.sparse.size': '2000', 'GNU.sparse.map': '0,10,1000,10', 'GNU.sparse.realsize': '2000' } },
    'abcdefghij0123456789',
  ],
  ['after', { pax: { 'SCHILY.xattr.user.mark': 'yes' } }, 'y'.repeat(300_000)],
];

async function readAll(image: ImageSource) {
  const paths = Array.from((await image.tree()).entries(), ({ path }) => path);
  return await Array.fromAsync(image.entries(paths.toReversed()), async ({ content, ...facts }) => ({
    ...facts,
    bytes: Buffer.concat(await Array.fromAsync(content())).toString('latin1'),
  }));
}

describe('an image that is unpacked once', () => {
  it.each(Object.entries({ ...CASES, 'a sparse file': [SPARSE], 'a sparse file above': [SPARSE, SPARSE] }))(
    '%s: holds the same, by the bytes of its paths',
    async (name, layers) => {
      const layout = toLayout([{ image: toBlobs(await Promise.all(layers.map(toTar))) }]);
      const place = await writeFolder(join(folder, name.replaceAll(/\W/g, '-')), layout);
      await using streamed = await openOciLayout(place);
      await using once = await openOciLayout(place, { unpackOnce: true });
      const expected = (await readAll(streamed)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
      expect(await readAll(once)).toEqual(expected);
      expect(once.describe).toBeUndefined();
    },
  );

  it('reads contents again, and of two at a time', async () => {
    const layout = toLayout([{ image: toBlobs([await toTar(SPARSE)]) }]);
    await using image = await openOciLayout(await writeFolder(join(folder, 'again'), layout), {
      unpackOnce: true,
    });
    const [one, other] = await Promise.all([readAll(image), readAll(image)]);
    expect(one).toEqual(other);
    expect(one?.find(({ path }) => path === '/sparse')?.bytes).toBe(
      `abcdefghij${'\0'.repeat(990)}0123456789${'\0'.repeat(990)}`,
    );
  });

  it('leaves no file, also while it is open', async () => {
    const before = await readdir(tmpdir());
    const layout = toLayout([{ image: toBlobs([await toTar(SPARSE)]) }]);
    await using image = await openOciLayout(await writeFolder(join(folder, 'open'), layout), {
      unpackOnce: true,
    });
    await image.tree();
    const made = (await readdir(tmpdir())).filter((name) => !before.includes(name));
    expect(made.filter((name) => /^keepset-[0-9a-f]{8}-/.test(name))).toEqual([]);
  });
});
