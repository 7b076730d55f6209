import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, expect, it } from 'vitest';
import type { DepositRun } from './deposit.js';
import { depositTexts } from './deposit-texts.js';
import { DEPOSIT, HOSTILE, IMAGE, SERVICE_RUN } from './example.test-helper.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-apptainer-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [EXAMPLE] = DEPOSIT.runs as readonly [DepositRun];
const RUN: DepositRun = { ...EXAMPLE, options: { workdir: '/work', readOnly: true } };

/** Does what the run of the example does, and says what it was asked. */
const PRETENDER = `#!/bin/sh
[ "$1" != --version ] || exit 0
printf '%s\\0' "$@" >>"$SAID"
printf '%s\\0' "A=$APPTAINERENV_A" "LANG=$APPTAINERENV_LANG" >>"$SAID"
for word; do
  case $word in *box-*/root)
    [ -L "$word/work" ] || { mkdir "$word/work" && printf %%PDF >"$word/work/plot.pdf"; }
  esac
done
echo done
`;

interface Filling {
  readonly fill?: (root: string) => void;
  /** More than the one that is filled. */
  readonly layers?: readonly Buffer[];
}

/** `check.sh` of a deposit, with an Apptainer that only pretends. */
function check(runs: readonly DepositRun[], { fill = () => {}, layers = [] }: Filling = {}) {
  const place = mkdtempSync(join(folder, 'run-'));
  const at = (name: string) => join(place, name);
  for (const name of ['image/blobs', 'inputs/1', 'bin', 'root', 'work'])
    mkdirSync(at(name), { recursive: true });
  const image = {
    ...IMAGE,
    variables: [`A=${HOSTILE}`, '9=x'],
    layers: ['blobs/layer', ...layers.map((_, index) => `blobs/${index}`)],
  };
  for (const [name, text] of depositTexts({ ...DEPOSIT, images: [image], runs }))
    writeFileSync(at(name), text);
  for (const name of ['manifest.json', 'oci-layout', 'index.json']) writeFileSync(at(`image/${name}`), '{}');
  writeFileSync(at('root/file'), '');
  fill(at('root'));
  execFileSync('tar', ['-C', at('root'), '-czf', at('image/blobs/layer'), '.']);
  for (const [index, layer] of layers.entries()) writeFileSync(at(`image/blobs/${index}`), layer);
  writeFileSync(at('bin/apptainer'), PRETENDER, { mode: 0o755 });
  writeFileSync(at('said'), '');
  const { stdout, stderr, status } = spawnSync('sh', [at('check.sh')], {
    env: {
      PATH: `${at('bin')}${delimiter}${process.env.PATH}`,
      ENGINE: 'apptainer',
      SAID: at('said'),
      TMPDIR: at('work'),
    },
    encoding: 'utf8',
  });
  const words = readFileSync(at('said'), 'utf8').split('\0').slice(0, -1);
  return { lines: stdout.trim().split('\n'), stderr, status, words, left: readdirSync(at('work')) };
}

it('runs an unpacked image, and leaves nothing', () => {
  const { lines, status, words, left } = check([RUN]);
  expect(lines).toEqual(['plot: the same in all that was compared', 'All that was compared is as it was.']);
  expect(status).toBe(0);
  expect(words.slice(-5)).toEqual(['Rscript', 'document.R', 'a b', `A=${HOSTILE}`, 'LANG=C']);
  expect(words).toContain('none');
  expect(words[words.indexOf('--pwd') + 1]).toBe('/work');
  // Its root is read-only.
  expect(words).not.toContain('--writable');
  expect(left).toEqual([]);
});

it('says which runs need another engine', () => {
  const { lines, status } = check([SERVICE_RUN, { ...RUN, options: { user: '1000' } }]);
  expect(lines.slice(0, 2)).toEqual([
    'web: not run: it is a service: it needs Docker or Podman',
    'plot: not run: it was given a user: it needs Docker or Podman',
  ]);
  expect(status).toBe(2);
});

it.each([
  [
    { ...RUN, options: { ...RUN.options, tmpfs: ['/tmp'] } },
    'its root is read-only, and a folder in it is not: it needs Docker or Podman',
  ],
  [
    { ...RUN, mounts: RUN.mounts.map((mount) => ({ ...mount, isReadOnly: false })) },
    'its root is read-only, and a folder in it is not: it needs Docker or Podman',
  ],
  [
    { ...RUN, variables: ['spring.profiles=x'] },
    'no shell has a variable spring.profiles: it needs Docker or Podman',
  ],
])('says why a run needs another engine (%#)', (run, why) => {
  const { lines, status } = check([run, { ...RUN, name: 'other' }]);
  expect(lines.slice(0, 2)).toEqual([`plot: not run: ${why}`, 'other: the same in all that was compared']);
  expect(status).toBe(2);
});

it('follows no link of an image out of its folder', () => {
  const outside = mkdtempSync(join(folder, 'outside-'));
  writeFileSync(join(outside, 'plot.pdf'), '%PDF');
  const written = check([{ ...RUN, mounts: [] }], {
    fill: (root) => symlinkSync(outside, join(root, 'work')),
  });
  expect(written.lines).toContain('plot: /work/plot.pdf was not written');
  expect(written.status).toBe(3);
  const mounted = check([RUN], { fill: (root) => symlinkSync(outside, join(root, 'data')) });
  expect(mounted.lines[0]).toBe('plot: not run: the engine does not make its container');
  expect(readdirSync(outside)).toEqual(['plot.pdf']);
});

async function layerOf(
  ...entries: readonly Parameters<ReturnType<typeof pack>['entry']>[0][]
): Promise<Buffer> {
  const tar = pack();
  for (const entry of entries) tar.entry(entry, entry.type === undefined ? 'text' : '');
  tar.finalize();
  return gzipSync(Buffer.concat((await Array.fromAsync(tar)) as Buffer[]));
}

it('unpacks no devices', async () => {
  const disk = await layerOf({ name: 'disk', type: 'block-device', devmajor: 8, devminor: 0, mode: 0o666 });
  const { status, stderr, words, left } = check([RUN], { layers: [disk] });
  expect(stderr).toContain('the image has devices\n');
  expect({ status, words, left }).toEqual({ status: 2, words: [], left: [] });
});

it('unpacks layers onto each other, and none through a link of another', async () => {
  const outside = mkdtempSync(join(folder, 'outside-'));
  const linked = await layerOf({ name: 'x', type: 'symlink', linkname: outside });
  const replaced = check([RUN], { layers: [linked, await layerOf({ name: 'x' }, { name: 'file' })] });
  expect(replaced.lines[0]).toBe('plot: the same in all that was compared');
  const through = check([RUN], { layers: [linked, await layerOf({ name: 'x/f' })] });
  expect(through.stderr).toContain('the engine does not take the image\n');
  expect({ status: through.status, words: through.words, left: through.left }).toEqual({
    status: 2,
    words: [],
    left: [],
  });
  expect(readdirSync(outside)).toEqual([]);
});

it('says that a layer is damaged', async () => {
  const damaged = (await layerOf({ name: 'x' })).subarray(0, 40);
  expect(check([RUN], { layers: [damaged] }).status).toBe(2);
  expect(check([RUN], { layers: [Buffer.from('no gzip')] }).status).toBe(2);
});
