import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensurePackages } from '../../test-fixtures/ensure-programs.ts';
import { runGuide } from '../../test-fixtures/guide.ts';
import { connectTestEngine, ensureBase, ensureImage } from '../../test-fixtures/images.ts';

const DOCS = new URL('../../docs/', import.meta.url).pathname;

interface Guide {
  /** Images that a reader has: each is one of the test's. */
  readonly sources: Readonly<Record<string, string>>;
  /** Other names: of results, volumes, networks, projects. */
  readonly names?: readonly string[];
}

const GUIDES: Readonly<Record<string, Guide>> = {
  'quick-start.md': { sources: { 'debian:12': 'base' }, names: ['first:small'] },
  'proof.md': { sources: { 'debian:12': 'base' }, names: ['proof:small', 'proof:broken'] },
  'guides/research-paper.md': { sources: { 'paper:1': 'demo' }, names: ['paper:small'] },
  'guides/archive.md': { sources: { 'paper:1': 'demo' }, names: ['paper:small'] },
  'guides/ci.md': { sources: { 'app:1': 'base' }, names: ['app:small', 'app:again'] },
  'guides/pipelines.md': {
    sources: { 'numbers:1': 'base', 'report:1': 'service' },
    names: ['numbers:1-small', 'report:1-small', 'pipeline-data'],
  },
  'guides/fleet.md': {
    sources: { 'numbers:1': 'base', 'report:1': 'service' },
    names: ['numbers:1-small', 'report:1-small', 'broken:small'],
  },
  'guides/web-service.md': { sources: { 'web:1': 'service' }, names: ['web:small', 'web:none'] },
  'guides/compose.md': {
    sources: { 'stack-web:1': 'service', 'stack-api:1': 'service' },
    names: ['stack-web:small', 'stack-api:small', 'stack_default', '-p stack'],
  },
  'guides/database.md': {
    sources: { 'db:1': 'database' },
    names: ['db:small', 'db-data', 'db-first', 'db-small'],
  },
  'guides/least-privilege.md': { sources: { 'web:1': 'service' }, names: ['web:small'] },
  'guides/scanners.md': { sources: { 'app:1': 'base' }, names: ['app:small'] },
  'guides/without-engine.md': { sources: { 'app:1': 'base' } },
  'guides/air-gapped.md': { sources: { 'debian:12': 'base' }, names: ['app:small'] },
};

/** Pages whose commands other tests run. */
const ELSEWHERE: readonly string[] = ['cli.md'];

/** The package is not in a registry yet, and Debian's compose is a program of its own. */
const SET_UP = `
npm() { [ "$*" = 'install --global keepset' ]; }
docker() { if [ "$1" = compose ]; then shift; docker-compose "$@"; else command docker "$@"; fi; }
`;

let engine: Engine;
beforeAll(async () => {
  await ensurePackages('docker', 'docker.io');
  await ensurePackages('docker-compose', 'docker-compose');
  engine = await connectTestEngine();
});
afterAll(() => engine[Symbol.asyncDispose]());

it('every page with commands is here', () => {
  const pages = readdirSync(DOCS, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.md') && readFileSync(join(DOCS, name), 'utf8').includes('\n```sh\n'),
  );
  expect(pages.sort()).toEqual([...Object.keys(GUIDES), ...ELSEWHERE].sort());
});

it.each(Object.entries(GUIDES))('%s: its commands work, and print what it says', async (page, guide) => {
  const folder = mkdtempSync(join(tmpdir(), 'test-guide-'));
  const own = `keepset-guide-${process.pid}`;
  const names = [...Object.keys(guide.sources), ...(guide.names ?? [])];
  try {
    for (const [name, fixture] of Object.entries(guide.sources)) {
      const reference = fixture === 'base' ? await ensureBase(engine) : await ensureImage(engine, fixture);
      const [repository = '', tag = ''] = name.split(':');
      await engine.tagImage(reference, { repository: `${own}-${repository}`, tag });
    }
    const missing = await runGuide({
      text: readFileSync(join(DOCS, page), 'utf8'),
      folder,
      replace: Object.fromEntries(names.map((name) => [name, ownName(own, name)])),
      setUp: SET_UP,
    });
    expect(missing).toEqual([]);
  } finally {
    for (const name of names) await remove(ownName(own, name));
    rmSync(folder, { recursive: true });
  }
});

/** A name that no other test has; of an option, its value. */
function ownName(own: string, name: string): string {
  return name.replace(/^(-p )?/, `$1${own}-`);
}

/** Whatever the name is of, if it is there: an image, a container, a volume or a network. */
async function remove(name: string): Promise<void> {
  if (name.includes(':')) return await engine.removeImage(name);
  for (const words of ['rm --force --volumes', 'volume rm', 'network rm'])
    await promisify(execFile)('docker', [...words.split(' '), name]).catch(() => undefined);
}
