// Whether an image is the same wherever it lies: ten images, each as `docker save` writes it, in an OCI layout and at a
// registry, beside the engine that has it.
// The listing is the engine's, entry by entry, and `shrink --locked`, `restore` and `flatten` give the same id without an
// engine. skopeo writes another configuration into a layout, so that it is another image: there the layers are the same.
//   pnpm bench:sources [NAME…]
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
import { ensurePrograms } from '../test-fixtures/ensure-programs.ts';
import { connectTestEngine, ensureImage } from '../test-fixtures/images.ts';
import { startRegistry } from '../test-fixtures/registry.ts';

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
await ensurePrograms('skopeo');
await mkdir(join(folder, 'registry'));
using registry = await startRegistry(join(folder, 'registry'));
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

/** A line for each place of what is the same there. */
async function compare(name: string, image: string): Promise<void> {
  const saved = `docker-archive:${join(folder, 'saved.tar')}`;
  await saveImage(image, join(folder, 'saved.tar'));
  const copies = [saved, `oci:${join(folder, 'layout')}:1`, `docker://${registry.name}/image:1`];
  for (const copy of copies.slice(1))
    await run('skopeo', ['copy', '--quiet', '--dest-tls-verify=false', saved, copy]);
  const tree = JSON.parse(await keepset(['ls', '--json', saved], NOWHERE)) as readonly {
    readonly path: string;
  }[];
  const paths = tree.map(({ path }) => path);
  const list = join(folder, 'list');
  await writeFile(list, paths.filter((_, index) => index % KEPT_SHARE === 0).join('\n'));
  const byEngine = await results(image, list, paths[1] ?? '/', process.env);
  for (const copy of copies) {
    const there = await results(copy, list, paths[1] ?? '/', NOWHERE);
    const rows = Object.entries(byEngine).map(([what, { id, layers }]) => {
      const other = there[what];
      const isSame = other?.layers === layers && (other.id === id || copy.startsWith('oci:'));
      if (!isSame) differences++;
      return `${what} ${isSame ? 'same' : 'DIFFERS'}`;
    });
    const [transport] = copy.split(':');
    process.stdout.write(`${name}, ${transport}: ${paths.length} entries; ${rows.join(', ')}\n`);
  }
  await rm(join(folder, 'layout'), { recursive: true });
}

interface Result {
  readonly id: string;
  /** Of the listing: the digest of all entries. */
  readonly layers: string;
}

/** What each command makes of an image. */
async function results(
  source: string,
  list: string,
  restored: string,
  env: NodeJS.ProcessEnv,
): Promise<Readonly<Record<string, Result>>> {
  const [manifest, archive] = [join(folder, 'manifest.json'), join(folder, 'out.tar')];
  const made = async (command: string, ...args: readonly string[]): Promise<Result> => {
    const json = await keepset([command, '--json', '-o', `type=oci,dest=${archive}`, ...args], env);
    const config = await run('skopeo', ['inspect', '--config', `oci-archive:${archive}`]);
    const { rootfs } = JSON.parse(config.stdout) as {
      readonly rootfs: { readonly diff_ids: readonly string[] };
    };
    return { id: (JSON.parse(json) as { readonly id: string }).id, layers: rootfs.diff_ids.join() };
  };
  const shrunk = await made('shrink', '--no-verify', '--locked', list, '--manifest', manifest, source);
  const { kept, removed } = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, object[]>;
  const listing = createHash('sha256')
    .update(JSON.stringify([kept, removed]))
    .digest('hex');
  return {
    listing: { id: '', layers: listing },
    'shrink --locked': shrunk,
    restore: await made('restore', '--source', source, manifest, restored),
    flatten: await made('flatten', source),
  };
}

async function keepset(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return (await run(CLI, args, { env, maxBuffer: 1024 ** 3 })).stdout;
}

async function saveImage(id: string, file: string): Promise<void> {
  const { protocol, pathname, hostname, port } = new URL(engine.details.address);
  const where = protocol === 'unix:' ? { socketPath: pathname } : { hostname, port };
  const answer = await new Promise<AsyncIterable<Uint8Array>>((resolve, reject) => {
    get({ ...where, path: `/images/${id}/get` }, resolve).on('error', reject);
  });
  await pipeline(answer, createWriteStream(file));
}
