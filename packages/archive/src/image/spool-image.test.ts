import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, expect, it } from 'vitest';
import { spoolImage } from './spool-image.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-spool-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LAYER = 'a layer';
const DIFF_ID = `sha256:${createHash('sha256').update(LAYER).digest('hex')}`;
const CONFIG = JSON.stringify({ os: 'linux', rootfs: { diff_ids: [DIFF_ID, DIFF_ID] } });

type Member = readonly [name: string, content: string | Buffer | { readonly linkTo: string }];

/** What an engine gives; the manifest is where engines put it: at the end. */
async function spool(members: readonly Member[], layers: readonly string[]) {
  const archive = pack();
  for (const [name, content] of members)
    if (typeof content === 'string' || Buffer.isBuffer(content)) archive.entry({ name }, content);
    else archive.entry({ name, type: 'symlink', linkname: content.linkTo });
  const manifest = [{ Config: 'config.json', RepoTags: ['a:b'], Layers: layers }];
  archive.entry({ name: 'config.json' }, CONFIG);
  archive.entry({ name: 'manifest.json' }, JSON.stringify(manifest));
  archive.finalize();
  const saveImage = async () => archive as unknown as AsyncIterable<Uint8Array>;
  return await spoolImage({ saveImage }, 'id', mkdtempSync(join(folder, 'image-')));
}

it.each<[string, readonly Member[], readonly string[]]>([
  ['blobs', [['blobs/sha256/x', LAYER]], ['blobs/sha256/x', 'blobs/sha256/x']],
  [
    'folders, and a link where a layer is there twice',
    [
      ['1/layer.tar', LAYER],
      ['2/layer.tar', { linkTo: '../1/layer.tar' }],
    ],
    ['1/layer.tar', '2/layer.tar'],
  ],
  ['compressed blobs', [['x', gzipSync(LAYER)]], ['x', 'x']],
])('understands an engine that gives %s', async (_, members, layers) => {
  const image = await spool(members, layers);
  expect(image.config).toBe(CONFIG);
  expect(
    image.layers.map(({ diffId, sizeBytes, file }) => [diffId, sizeBytes, readFileSync(file, 'utf8')]),
  ).toEqual([
    [DIFF_ID, LAYER.length, LAYER],
    [DIFF_ID, LAYER.length, LAYER],
  ]);
});

it.each<[string, readonly Member[], readonly string[], string]>([
  ['has another layer', [['x', 'another']], ['x', 'x'], 'a layer is not what its configuration says'],
  ['lacks a layer', [['x', LAYER]], ['x', 'y'], 'it names y, and has none'],
  ['names too few', [['x', LAYER]], ['x'], 'its layers are not those of its configuration'],
])('refuses an archive that %s', async (_, members, layers, message) => {
  await expect(spool(members, layers)).rejects.toThrow(message);
});
