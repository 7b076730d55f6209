import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ManifestError } from '../manifest-error.js';
import { readManifest } from './read-manifest.js';

const folder = mkdtempSync(join(tmpdir(), 'test-hostile-manifests-'));
afterAll(() => rmSync(folder, { recursive: true }));

const image = { id: 'sha256:1', reference: 'a' };
const whole = {
  manifestVersion: 1,
  source: image,
  result: image,
  runs: [{ name: 'main', command: ['true'] }],
  programs: [],
  kept: [{ path: '/a', type: 'file', sizeBytes: 1, reasons: [{ rule: 'keep' }] }],
  removed: [],
};

async function read(content: string): Promise<unknown> {
  const file = join(folder, 'm.json');
  writeFileSync(file, content);
  return await readManifest(file);
}

describe('a manifest that will not do is refused: which file, which place, what to do', () => {
  it.each<[string, string, RegExp]>([
    ['nothing', '', /it is not JSON/],
    ['null', 'null', /no manifest of version 1/],
    ['a list', '[]', /no manifest of version 1/],
    ['another version', '{"manifestVersion":7}', /no manifest of version 1/],
    ['no runs', JSON.stringify({ ...whole, runs: undefined }), /\(runs is missing\)/],
    ['a run that is none', JSON.stringify({ ...whole, runs: [{}] }), /\(runs\[0\]\.name is missing\)/],
    [
      'a question that is none',
      JSON.stringify({ ...whole, runs: [{ ...whole.runs[0], asked: { ready: [], steps: [{ kind: 7 }] } }] }),
      /\(runs\[0\]\.asked\.steps\[0\]\.kind is no text\)/,
    ],
    ['a text for what was kept', JSON.stringify({ ...whole, kept: 'x' }), /kept or removed is no list/],
    ['an entry without a path', JSON.stringify({ ...whole, removed: [{}] }), /an entry has no path/],
    [
      'an entry of no size',
      JSON.stringify({ ...whole, removed: [{ path: '/a', type: 'file' }] }),
      /sizeBytes of the entry \/a/,
    ],
    [
      'reasons that are none',
      JSON.stringify({ ...whole, kept: [{ ...whole.kept[0], reasons: 1 }] }),
      /reasons of \/a is no list/,
    ],
    [
      'a kind of package that nobody knows',
      JSON.stringify({ ...whole, packages: [{ ecosystem: 'x' }] }),
      /packages\[0\]\.ecosystem/,
    ],
    [
      'a key twice',
      JSON.stringify({ ...whole, runs: [] }).replace('{', '{"runs":[],'),
      /"runs" stands twice in one object: line 1/,
    ],
    ['depth', `{"manifestVersion":1,"kept":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, /./],
  ])('%s', async (_what, content, message) => {
    const refused = read(content);
    await expect(refused).rejects.toBeInstanceOf(ManifestError);
    await expect(refused).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
      message: expect.stringMatching(message),
    });
    await expect(refused).rejects.toThrow(join(folder, 'm.json'));
  });

  it('a folder', async () => {
    mkdirSync(join(folder, 'folder'));
    await expect(readManifest(join(folder, 'folder'))).rejects.toThrow(/it is a folder/);
  });

  it('names of what every object has are names as any', async () => {
    const named = JSON.stringify(whole).replace('"name":"main"', '"name":"__proto__","constructor":1');
    expect(await read(named)).toMatchObject({ runs: [{ name: '__proto__' }] });
    expect(({} as { name?: string }).name).toBeUndefined();
  });
});
