// The container image of keepset, shrunk by keepset: node bin/image.ts --tag NAME [--base IMAGE]
// It packs and installs keepset, builds the Dockerfile, and shrinks what that makes.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import type { ArchiveFile, Engine } from '@keepset/docker-engine';
import { shrink } from '@keepset/shrinker';
import { connectTestEngine } from '../test-fixtures/images.ts';
import { packPackages } from './release.ts';

const ROOT = join(import.meta.dirname, '..');
const NORMAL_TIME = new Date(0);

/** What makes the image. */
export interface ImageOptions {
  /** Folder in which `npm install keepset` was run. */
  readonly app: string;
  /** Image with Node.js and apt. Default: that of the Dockerfile. */
  readonly base?: string | undefined;
  readonly tag: string;
}

/**
 * Build the image, and shrink it to what keepset needs in it: node with its libraries, keepset whole, the toolbox.
 *
 * @returns sizes in bytes, before and after
 */
export async function makeImage(
  engine: Engine,
  { app, base, tag }: ImageOptions,
): Promise<{ readonly sourceBytes: number; readonly resultBytes: number }> {
  const context: ArchiveFile[] = [
    textFile('Dockerfile', join(ROOT, 'Dockerfile')),
    textFile('gather.sh', join(ROOT, 'packages/toolbox/gather.sh')),
    ...filesOf(join(app, 'node_modules'), 'app/node_modules'),
  ];
  const built = await engine.buildImage(
    context,
    base === undefined ? {} : { buildArguments: { BASE: base } },
  );
  try {
    return await shrink(
      engine,
      {
        image: built,
        // Its own commands, which load what node loads; keepset itself stays whole, whatever they load of it.
        runs: [
          { name: 'help', command: ['help'], options: { network: 'none' } },
          { name: 'fetch', command: ['-e', FETCH], options: { entrypoint: 'node', network: 'none' } },
        ],
        keep: {
          keep: ['/opt/keepset', '/opt/toolbox', '/work', '/etc/nsswitch.conf', '/usr/share/zoneinfo/UTC'],
        },
        tags: [tag],
        version: 'image',
      },
      { onOutput() {}, onEvent() {} },
    );
  } finally {
    await engine.removeImage(built);
  }
}

/** What keepset does beside its commands: names are looked up, TLS is begun, programs are started. */
const FETCH = `
const { lookup } = await import('node:dns/promises');
await lookup('localhost').catch(() => {});
(await import('node:tls')).createSecureContext();
process.stdout.write('looked up\\n');
`;

function textFile(name: string, file: string): ArchiveFile {
  return { header: { name, mode: 0o644, mtime: NORMAL_TIME }, content: readFileSync(file) };
}

/** Times and owners are none of this machine's: the same packages, the same image. */
function* filesOf(folder: string, name: string): Generator<ArchiveFile> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  for (const entry of entries.sort((one, other) => (pathOf(one) < pathOf(other) ? -1 : 1))) {
    const file = pathOf(entry);
    const header = { name: join(name, relative(folder, file)), mtime: NORMAL_TIME };
    if (entry.isSymbolicLink())
      yield { header: { ...header, type: 'symlink', linkname: readlinkSync(file) } };
    else if (entry.isFile()) yield { header: { ...header, mode: 0o644 }, content: readFileSync(file) };
  }
}

function pathOf({ parentPath, name }: { readonly parentPath: string; readonly name: string }): string {
  return join(parentPath, name);
}

if (process.argv[1] === import.meta.filename) {
  const { tag, base } = parseArgs({ options: { tag: { type: 'string' }, base: { type: 'string' } } }).values;
  if (tag === undefined) throw new Error('no name given: --tag NAME');
  const folder = mkdtempSync(join(tmpdir(), 'keepset-image-'));
  try {
    const packed = await packPackages(folder);
    const words = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
    await promisify(execFile)('npm', [...words, ...packed.map(({ file }) => file)]);
    await using engine = await connectTestEngine();
    const { sourceBytes, resultBytes } = await makeImage(engine, { app: folder, base, tag });
    process.stdout.write(`${tag}: ${sourceBytes} → ${resultBytes} bytes\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
