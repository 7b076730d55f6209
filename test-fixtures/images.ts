// The images that tests, the demo and the benchmarks work on: built from the Dockerfiles beside this file, once.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { type ArchiveFile, connectEngine, type Engine, resolveEngineAddress } from '@keepset/docker-engine';
import { ensurePrograms } from './ensure-programs.ts';

const BASE_TAG = 'keepset/base:bookworm';
const PULLED_BASE = 'debian:bookworm-slim';
const IMAGES_FOLDER = new URL('./images/', import.meta.url).pathname;

/**
 * The engine of DOCKER_HOST, DOCKER_CONTEXT or the default socket. Tests fail where there is none: `bin/test` starts
 * one.
 */
export async function connectTestEngine(): Promise<Engine> {
  return await connectEngine({
    address: resolveEngineAddress({ environment: process.env, homeDirectory: homedir() }),
  });
}

/** @returns the base of all test images: Debian 12, from the registry, or made by mmdebstrap where none answers */
export async function ensureBase(engine: Engine): Promise<string> {
  if ((await engine.inspectImage(BASE_TAG)) !== undefined) return BASE_TAG;
  const pulled = await engine.pullImage(PULLED_BASE).then(
    () => engine.inspectImage(PULLED_BASE),
    () => undefined,
  );
  if (pulled !== undefined) await engine.tagImage(pulled.id, { repository: 'keepset/base', tag: 'bookworm' });
  else await buildBase(engine);
  return BASE_TAG;
}

async function buildBase(engine: Engine): Promise<void> {
  // No registry answers: this makes a base image without one.
  await ensurePrograms('mmdebstrap');
  const child = spawn('mmdebstrap', ['--variant=minbase', 'bookworm', '-'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(-2000);
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const tar = Buffer.concat(await Array.fromAsync(child.stdout as AsyncIterable<Buffer>));
  if ((await ended) !== 0) throw new Error(`mmdebstrap failed: ${complaint}`);
  await engine.buildImage(
    [
      {
        header: { name: 'Dockerfile' },
        content: Buffer.from('FROM scratch\nADD base.tar /\nCMD ["bash"]\n'),
      },
      { header: { name: 'base.tar' }, content: tar },
    ],
    { tag: BASE_TAG },
  );
}

/**
 * Build the image of one folder of `images/`, unless it is there: its tag holds a hash of its files.
 *
 * @param name  of the folder
 * @returns its reference
 */
export async function ensureImage(engine: Engine, name: string): Promise<string> {
  const base = await ensureBase(engine);
  const files = readContext(join(IMAGES_FOLDER, name));
  const hash = createHash('sha256');
  for (const { header, content } of files)
    hash.update(`${header.name}\0${content?.length}\0`).update(content ?? '');
  const dockerfile = files.find(({ header }) => header.name === 'Dockerfile')?.content;
  // An image that is built from another of ours: that one first.
  const [, parent] = /^# parent: (\S+)/m.exec(Buffer.from(dockerfile ?? '').toString()) ?? [];
  const buildArguments = { BASE: parent === undefined ? base : await ensureImage(engine, parent) };
  const tag = `keepset/fixture-${name}:${hash.update(buildArguments.BASE).digest('hex').slice(0, 12)}`;
  if ((await engine.inspectImage(tag)) === undefined) await engine.buildImage(files, { tag, buildArguments });
  return tag;
}

function readContext(folder: string): ArchiveFile[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return {
        header: { name: relative(folder, file), mode: 0o644, mtime: new Date(0) },
        content: readFileSync(file),
      };
    })
    .sort((one, other) => (one.header.name < other.header.name ? -1 : 1));
}
