// Whether an image is the same wherever it lies: ten images, each as `docker save` writes it, beside the engine that has it.
// The listing is the engine's, entry by entry and byte by byte (`keepset diff`), and `shrink --locked`, `restore` and `flatten`
// give the same id without an engine.
//   pnpm bench:sources [NAME…]
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { allCases } from '../packages/image-source/test/images-of-layers.ts';
import {
  type LayerEntry,
  toDockerArchive,
  toTar,
  writeArchive,
} from '../packages/image-source/test/make-image.ts';
import { connectTestEngine, ensureImage } from '../test-fixtures/images.ts';

const CLI = new URL('../packages/cli/dist/keepset.js', import.meta.url).pathname;
const FIXTURES = ['static', 'metadata', 'fidelity', 'compiler', 'rules', 'demo', 'research'] as const;
const ENTRIES = 300_000;
const LAYERS = 100;
/** Of the paths of an image, those that are kept: each of so many. */
const KEPT_SHARE = 20;

const MADE: Readonly<Record<string, () => readonly (readonly LayerEntry[])[]>> = {
  'every kind of whiteout, links across layers': allCases,
  '100 layers': () =>
    Array.from({ length: LAYERS }, (_, layer): LayerEntry[] => [
      ['shared/'],
      [`shared/${layer}`, {}, `of layer ${layer}`],
      ['shared/last', {}, `layer ${layer}`],
      ...(layer === 0
        ? []
        : ([
            // Engines link to what the same layer has: a file of the one below is written once more.
            [`shared/${layer - 1}`, {}, `of layer ${layer - 1}, again`],
            [`shared/linked-${layer}`, { type: 'link', linkname: `shared/${layer - 1}` }],
            ...(layer % 3 === 0 ? [[`shared/.wh.${layer - 2}`]] : []),
          ] as LayerEntry[])),
    ]),
  '300,000 entries': () => [
    Array.from(
      { length: ENTRIES },
      (_, at): LayerEntry => [
        `folder-${Math.floor(at / 1000)}/${at % 1000 === 0 ? '' : at}`,
        {},
        at % 1000 === 0 ? undefined : String(at),
      ],
    ),
  ],
};

const run = promisify(execFile);
const NOWHERE = { ...process.env, DOCKER_HOST: 'unix:///nowhere' };

await using engine = await connectTestEngine();
const folder = await mkdtemp(join(tmpdir(), 'keepset-bench-'));
const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.some((word) => name.includes(word));
let differences = 0;
try {
  for (const [name, layersOf] of Object.entries(MADE)) {
    if (!isWanted(name)) continue;
    const layers = await Promise.all(layersOf().map(toTar));
    const file = await writeArchive(join(folder, 'made.tar'), toDockerArchive([{ layers }]));
    const id = await engine.loadImage(createReadStream(file));
    await compare(name, id);
    await engine.removeImage(id);
  }
  for (const name of FIXTURES.filter(isWanted)) await compare(name, await ensureImage(engine, name));
} finally {
  await rm(folder, { recursive: true });
}
process.exitCode = differences === 0 ? 0 : 1;

/** One line of what is the same. */
async function compare(name: string, image: string): Promise<void> {
  const file = join(folder, 'saved.tar');
  await saveImage(image, file);
  const copy = `docker-archive:${file}`;
  const list = join(folder, 'list');
  const tree = JSON.parse(await keepset(['ls', '--json', copy], NOWHERE)) as readonly {
    readonly path: string;
  }[];
  const paths = tree.map(({ path }) => path);
  await writeFile(list, paths.filter((_, index) => index % KEPT_SHARE === 0).join('\n'));
  const manifest = join(folder, 'manifest.json');
  const out = () => `type=oci,dest=${join(folder, 'out.tar')}`;
  const ids = async (args: (source: string) => readonly string[]) => {
    const byEngine = idOf(await keepset(args(image), process.env));
    return byEngine === idOf(await keepset(args(copy), NOWHERE));
  };
  const rows: [string, boolean][] = [
    ['listing', await isSame(['diff', '--exit-code', '--times', image, copy])],
    [
      'shrink --locked',
      await ids((source) => [
        ...['shrink', '--json', '--no-verify', '--locked', list, '--manifest', manifest],
        ...['-o', out(), source],
      ]),
    ],
    [
      'restore',
      await ids((source) => [
        ...['restore', '--json', '-o', out(), ...(source === copy ? ['--source', copy] : [])],
        ...[manifest, paths[1] ?? '/'],
      ]),
    ],
    ['flatten', await ids((source) => ['flatten', '--json', '-o', out(), source])],
  ];
  differences += rows.filter(([, same]) => !same).length;
  const text = rows.map(([what, same]) => `${what} ${same ? 'same' : 'DIFFERS'}`).join(', ');
  process.stdout.write(`${name}: ${paths.length} entries; ${text}\n`);
}

async function keepset(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return (await run(CLI, args, { env, maxBuffer: 1024 ** 3 })).stdout;
}

/** `keepset diff` ends with 1 where there is any difference. */
async function isSame(args: readonly string[]): Promise<boolean> {
  return await run(CLI, args, { maxBuffer: 1024 ** 3 }).then(
    () => true,
    (error: { code?: number; stdout?: string; stderr?: string }) => {
      process.stderr.write(`${error.stdout?.slice(0, 2000)}${error.stderr?.slice(0, 2000)}`);
      return false;
    },
  );
}

function idOf(json: string): string {
  return (JSON.parse(json) as { readonly id: string }).id;
}

async function saveImage(id: string, file: string): Promise<void> {
  const { protocol, pathname, hostname, port } = new URL(engine.details.address);
  const where = protocol === 'unix:' ? { socketPath: pathname } : { hostname, port };
  const answer = await new Promise<AsyncIterable<Uint8Array>>((resolve, reject) => {
    get({ ...where, path: `/images/${id}/get` }, resolve).on('error', reject);
  });
  await pipeline(answer, createWriteStream(file));
}
