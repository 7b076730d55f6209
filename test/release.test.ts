// The whole way to a user: packed, published to a registry on this machine, installed in a folder outside, and used there;
// as a command, as a step of a pipeline, and as a container image.
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Engine, toContainerConfig } from '@keepset/docker-engine';
import semver from 'semver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeImage } from '../bin/image.ts';
import { type PackedPackage, packPackages, publishPackages } from '../bin/release.ts';
import { connectTestEngine, ensureBase } from '../test-fixtures/images.ts';
import { type NpmRegistry, startNpmRegistry } from '../test-fixtures/npm-registry.ts';

const ROOT = join(import.meta.dirname, '..');
const MEGABYTE = 1e6;
const INSTALLED_BYTES_MAX = 30 * MEGABYTE;

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'test-release-'));
const [app, tarballs] = [join(folder, 'app'), join(folder, 'tarballs')];
const name = (what: string) => `keepset/test-release-${process.pid}-${what}`;
const names = ['npx', 'step', 'node', 'image', 'inner'].map(name);
const stack = new AsyncDisposableStack();
let engine: Engine;
let base: string;
let registry: NpmRegistry;
let packages: readonly PackedPackage[];

beforeAll(async () => {
  for (const each of [app, tarballs]) mkdirSync(each);
  engine = stack.use(await connectTestEngine());
  base = await ensureBase(engine);
  registry = stack.use(await startNpmRegistry(folder));
  packages = await packPackages(tarballs);
  await publishPackages(packages, { provenance: false, environment: registry.environment });
  await npm('install', '--no-audit', '--no-fund', 'keepset');
});
afterAll(async () => {
  for (const each of names) await engine.removeImage(each);
  await stack.disposeAsync();
  rmSync(folder, { recursive: true });
});

async function npm(...args: readonly string[]): Promise<string> {
  return (await execute('npm', [...args], { cwd: app, env: registry.environment })).stdout;
}

describe('a published package', () => {
  it('has what it needs, and no tests', async () => {
    for (const { file } of packages) {
      const { stdout } = await execute('tar', ['-tzf', file]);
      const files = stdout.trim().split('\n');
      expect(files, file).toEqual(
        expect.arrayContaining(['package/package.json', 'package/README.md', 'package/LICENSE']),
      );
      expect(files.filter((each) => /\.test|\/src\/|fixtures/.test(each))).toEqual([]);
    }
  });

  it('says of which code of others it holds something', async () => {
    for (const [name, parts] of [
      ['docker-engine', ['dockerode', 'docker-modem', 'ssh2']],
      ['inventory', ['sql.js', '@cyclonedx/cyclonedx-library']],
    ] as const) {
      const text = readFileSync(join(app, 'node_modules/@keepset', name, 'dist/THIRD-PARTY.txt'), 'utf8');
      for (const part of parts) expect(text).toMatch(new RegExp(`^${part} \\d+\\..*: \\S+`, 'm'));
    }
  });

  it('is published once', async () => {
    await publishPackages(packages.slice(0, 1), { provenance: false, environment: registry.environment });
  });
});

describe('keepset as npm installs it', () => {
  it('is small, and runs nothing while it is installed', () => {
    const lock = JSON.parse(readFileSync(join(app, 'package-lock.json'), 'utf8'));
    const scripted = Object.entries<{ hasInstallScript?: boolean }>(lock.packages);
    expect(scripted.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
    expect(sizeOf(join(app, 'node_modules'))).toBeLessThan(INSTALLED_BYTES_MAX);
  });

  it('has nothing that is not for a Node that it is for', () => {
    const lock = JSON.parse(readFileSync(join(app, 'package-lock.json'), 'utf8'));
    const { engines } = lock.packages['node_modules/keepset'];
    const oldest = semver.minVersion(engines.node) ?? '';
    const limited = Object.entries<{ engines?: { node?: string } }>(lock.packages).filter(([, each]) =>
      [oldest, '23.11.0', '24.0.0', '25.0.0', '26.0.0'].some(
        (version) => !semver.satisfies(version, each.engines?.node ?? '*'),
      ),
    );
    expect(limited.map(([path]) => path)).toEqual([]);
  });

  it('examines the machine, and shrinks', async () => {
    expect(await npm('exec', '--offline', '--', 'keepset', 'doctor')).toMatch(/^ok +engine/m);
    const command = ['-t', name('npx'), base, 'cat', '/etc/debian_version'];
    const output = await npm('exec', '--offline', '--', 'keepset', 'shrink', '--json', ...command);
    expect(JSON.parse(output.slice(output.indexOf('{')))).toMatchObject({ tags: [name('npx')] });
  });

  it.each(['import', 'require'])('is there for %s', async (way) => {
    const libraries = readdirSync(join(app, 'node_modules/@keepset')).map((each) => `@keepset/${each}`);
    const code = `(async () => { for (const name of ${JSON.stringify(libraries)}) console.log(Object.keys(await ${way}(name)).length > 0); })()`;
    const { stdout } = await execute(process.execPath, ['--eval', code], { cwd: app });
    expect(stdout).toBe('true\n'.repeat(libraries.length));
  });

  // Those that the tests of packages load from their sources are bundled here.
  it('reads and writes what only bundled libraries can', async () => {
    const code = `
      import { execFileSync } from 'node:child_process';
      import { readFileSync } from 'node:fs';
      import { LISTING_FORMAT, readListing } from '@keepset/image-tree';
      import { readInventory, toCycloneDx } from '@keepset/inventory';
      const folder = ${JSON.stringify(join(ROOT, 'packages/inventory/fixtures/rpm'))};
      const tree = await readListing([execFileSync('find', [folder, '-printf', LISTING_FORMAT])]);
      const readFiles = async (paths) => paths.map((path) => readFileSync(folder + path));
      const { system, packages } = await readInventory({ tree, readFiles });
      const contents = packages.map((each) => ({ package: each, paths: [], isUsed: true }));
      const image = { name: 'a', digest: 'sha256:1' };
      const bill = { image, toolVersion: '1', system, packages: contents, unownedFiles: 0 };
      console.log(JSON.parse(await toCycloneDx(bill)).components.map(({ name }) => name).join());
    `;
    const words = ['--input-type=module', '--eval', code];
    const { stdout } = await execute(process.execPath, words, { cwd: app });
    expect(stdout).toContain('hello-keepset-data,hello-keepset');
  });
});

describe('action.yml', () => {
  it('does what it says, as the runner runs it', async () => {
    const { inputs, runs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));
    const step = runs.steps.find(({ id }: { id?: string }) => id === 'keepset');
    const workspace = join(folder, 'workspace');
    mkdirSync(workspace);
    // A checkout that would have npm ask another registry.
    writeFileSync(join(workspace, '.npmrc'), 'registry=http://127.0.0.1:9/\n');
    const given: Record<string, string> = {
      image: base,
      tag: name('step'),
      command: `sh -c 'cat /etc/debian_version # "$(touch evil)"'`,
    };
    const variables = Object.entries<string>(step.env).map(([variable, text]) => [
      variable,
      text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input) => given[input] ?? inputs[input].default),
    ]);
    const script = join(folder, 'script.sh');
    writeFileSync(script, step.run);
    const files = Object.fromEntries(
      ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'].map((each) => [each, join(folder, each)]),
    );
    await execute('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
      cwd: workspace,
      env: {
        ...registry.environment,
        ...Object.fromEntries(variables),
        ...files,
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: ROOT,
        RUNNER_TEMP: join(folder, 'runner'),
      },
    });
    expect(readFileSync(files.GITHUB_OUTPUT ?? '', 'utf8')).toMatch(/^verdict<<.*\nverified\n/);
    expect(readFileSync(files.GITHUB_STEP_SUMMARY ?? '', 'utf8')).toContain('| size | ');
    expect(existsSync(join(workspace, inputs.results.default, 'report.html'))).toBe(true);
    expect(existsSync(join(workspace, 'evil'))).toBe(false);
  });
});

describe('the container image', () => {
  it('holds a keepset that shrinks, and little else', async () => {
    const node = readFileSync(process.execPath);
    const dockerfile = Buffer.from(`FROM ${base}\nCOPY node /usr/local/bin/\n`);
    const withNode = [
      { header: { name: 'Dockerfile' }, content: dockerfile },
      { header: { name: 'node', mode: 0o755 }, content: node },
    ];
    await engine.buildImage(withNode, { tag: name('node') });
    const { sourceBytes, resultBytes } = await makeImage(engine, {
      app,
      base: name('node'),
      tag: name('image'),
    });
    expect(resultBytes).toBeLessThan(sourceBytes);
    expect(resultBytes - node.length).toBeLessThan(60 * MEGABYTE);
    const socket = engine.details.address.replace(/^unix:\/\//, '');
    const words = ['shrink', '-t', name('inner'), base, 'cat', '/etc/debian_version'];
    const options = { volume: [`${socket}:/var/run/docker.sock`], network: 'none' };
    await using container = await engine.createContainer(
      toContainerConfig(name('image'), words, options),
      'test',
    );
    const { output } = await container.attach({ stdin: false, tty: false });
    await container.start();
    let text = '';
    for await (const { bytes } of output) text += Buffer.from(bytes).toString();
    expect(await container.wait(), text).toBe(0);
    expect(text).toMatch(/^verified {2}yes/m);
    expect(await engine.inspectImage(name('inner'))).toBeDefined();
  });
});

describe('a release', () => {
  it('makes CHANGELOGs of what was changed', async () => {
    const copy = join(folder, 'versions');
    for (const each of ['.changeset', 'package.json', 'pnpm-workspace.yaml'])
      cpSync(join(ROOT, each), join(copy, each), { recursive: true });
    for (const each of readdirSync(join(ROOT, 'packages')))
      cpSync(join(ROOT, 'packages', each, 'package.json'), join(copy, 'packages', each, 'package.json'));
    await execute('git', ['init', '--quiet'], { cwd: copy });
    await execute(join(ROOT, 'node_modules/.bin/changeset'), ['version'], { cwd: copy });
    const { version } = JSON.parse(readFileSync(join(copy, 'packages/cli/package.json'), 'utf8'));
    expect(readFileSync(join(copy, 'packages/cli/CHANGELOG.md'), 'utf8')).toMatch(
      new RegExp(`^# keepset\\n\\n## ${version}\\n\\n### Minor Changes\\n`),
    );
    expect(readdirSync(join(copy, '.changeset')).filter((each) => /(?<!README)\.md$/.test(each))).toEqual([]);
  });
});

function sizeOf(path: string): number {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name: own }) => sum + readFileSync(join(parentPath, own)).length, 0);
}
