import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runReadmeExample } from '../../../test-fixtures/readme-example.ts';
import { toBlobs, toLayout, toTar, writeFolder } from '../test/make-image.ts';
import * as imageSource from './index.js';

it("prints what the README's example says", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  const base = await toTar([['etc/'], ['etc/motd', {}, 'hello\n'], ['etc/issue', {}, 'old']]);
  const above = await toTar([['etc/'], ['etc/issue', { type: 'symlink', linkname: 'motd' }]]);
  await writeFolder(folder, toLayout([{ image: toBlobs([base, above], { packing: 'gzip' }), tag: '1.0' }]));
  const { printed, expected } = await runReadmeExample({
    readme: new URL('../README.md', import.meta.url),
    load: (name) => (name === '@keepset/image-source' ? imageSource : import(name)),
    replace: { './layout': folder },
  });
  expect(printed).toEqual(expected);
  await rm(folder, { recursive: true });
});
