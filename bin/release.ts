// The release, behind `pnpm release`: build, check, pack, and publish what the registry has not got yet. In continuous
// integration with provenance: the registry then shows of which commit and workflow a package was made.
//   pnpm release [--pack FOLDER]    only packs, into that folder
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { run } from './run-vitest.ts';

const ROOT = join(import.meta.dirname, '..');
const execute = promisify(execFile);

/** A package as it is published. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  /** Its tarball. */
  readonly file: string;
}

/** @returns all packages of the workspace that are published, each behind those that it depends on */
export async function packPackages(folder: string): Promise<readonly PackedPackage[]> {
  await execute('pnpm', ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder], {
    cwd: ROOT,
  });
  const texts = readdirSync(join(ROOT, 'packages')).map((name) =>
    readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8'),
  );
  const all = new Map<string, { name: string; version: string; dependencies?: Record<string, string> }>(
    texts.map((text) => [JSON.parse(text).name, JSON.parse(text)]),
  );
  const sorted = new Map<string, PackedPackage>();
  const add = (name: string) => {
    const found = all.get(name);
    if (found === undefined || sorted.has(name)) return;
    for (const dependency of Object.keys(found.dependencies ?? {})) add(dependency);
    const file = join(folder, `${name.replace('@', '').replace('/', '-')}-${found.version}.tgz`);
    sorted.set(name, { name, version: found.version, file });
  };
  for (const name of all.keys()) add(name);
  return [...sorted.values()];
}

/**
 * Publish what is not there in this version yet.
 *
 * @param environment  of npm: registry, token
 */
export async function publishPackages(
  packages: readonly PackedPackage[],
  { provenance, environment }: { readonly provenance: boolean; readonly environment: NodeJS.ProcessEnv },
): Promise<void> {
  for (const { name, version, file } of packages) {
    const npm = (...args: readonly string[]) =>
      execute('npm', [...args], { cwd: tmpdir(), env: environment });
    const isThere = await npm('view', `${name}@${version}`, 'version').then(
      ({ stdout }) => stdout.trim() !== '',
      () => false,
    );
    if (!isThere) await npm('publish', file, '--access', 'public', ...(provenance ? ['--provenance'] : []));
    process.stdout.write(`${name} ${version}: ${isThere ? 'is there' : 'published'}\n`);
  }
}

async function release(): Promise<void> {
  for (const task of ['build', 'lint'])
    if (!(await run(['turbo', 'run', task, '--output-logs=errors-only']))) throw new Error(`${task} failed`);
  const [option, given] = process.argv.slice(2);
  if (option === '--pack' && given !== undefined) {
    for (const { file } of await packPackages(resolve(given))) process.stdout.write(`${file}\n`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    const provenance = process.env.GITHUB_ACTIONS === 'true';
    await publishPackages(await packPackages(folder), { provenance, environment: process.env });
  } finally {
    rmSync(folder, { recursive: true });
  }
  // The workflow makes releases of the tags that this prints.
  if (!(await run(['changeset', 'tag']))) throw new Error('the tags could not be made');
}

if (process.argv[1] === import.meta.filename) await release();
