import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDocstringExamples, runDocstringExample } from '../../../test-fixtures/docstring-examples.ts';
import { toBlobs, toDockerArchive, toLayout, toTar, writeArchive, writeFolder } from '../test/make-image.ts';
import * as api from './index.js';
import { parseLayerName } from './layers/layer-name.js';
import { parsePlatform } from './manifests/platform.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-test-'));
let scope: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  const layers = [await toTar([['etc/'], ['etc/motd', {}, 'hello']])];
  const layout = toLayout([{ image: toBlobs(layers), tag: '1.0' }]);
  await writeFolder(join(folder, 'layout'), layout);
  await writeArchive(join(folder, 'image.tar'), layout);
  await writeArchive(join(folder, 'saved.tar'), toDockerArchive([{ layers, tags: ['debian:12'] }]));
  const image = await api.openOciLayout(join(folder, 'layout'));
  const details = { id: image.id, os: 'linux', architecture: 'amd64', created: '', config: {} };
  scope = { ...api, parseLayerName, parsePlatform, image, details, reader: LISTING_READER };
});
afterAll(() => rmSync(folder, { recursive: true }));

/** As of an engine's image that holds a root, a folder and a file. */
const LISTING_READER = {
  ownFolders: new Map(),
  touchedFolders: new Map(),
  async *readListing() {
    const paths = ['', 'etc', 'etc/debian_version'];
    for (const [at, path] of paths.entries())
      yield Buffer.from([at < 2 ? 'd' : 'f', 755, 0, 0, 0, 0, 1, at + 1, 1, '', `${path}\0`].join('\0'));
  },
};

/** A registry's has a test of its own. */
const examples = readDocstringExamples(new URL('.', import.meta.url)).filter(
  ({ place }) => !place.includes('open-registry-image'),
);

it.each(examples)('the example at $place gives what it says', async ({ place, code }) => {
  const here = code.replaceAll('/tmp/', `${folder}/`);
  const { values, expected } = await runDocstringExample({ place, code: here }, scope);
  expect(values).toEqual(expected);
  expect(values.length).toBeGreaterThan(0);
});
