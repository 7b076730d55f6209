import { type Engine, runProgram } from '@keepset/docker-engine';
import { type ImageTree, LISTING_FORMAT, readListing } from '@keepset/image-tree';
import { type ImageReader, openImageReader, provideToolbox } from '@keepset/toolbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import type { Ecosystem } from './installed-package.js';
import { type Inventory, readInventory } from './read-inventory.js';

let engine: Engine;
let reader: ImageReader;
let tree: ImageTree;
let inventory: Inventory;

beforeAll(async () => {
  engine = await connectTestEngine();
  const image = await engine.inspectImage(await ensureImage(engine, 'research'));
  if (image === undefined) throw new Error('the research image was not built');
  reader = await openImageReader(engine, image, await provideToolbox(engine, image.id, image.architecture));
  tree = await readListing(reader.readListing(LISTING_FORMAT));
  inventory = await readInventory({
    tree,
    readFiles: (paths, maxBytes = Number.MAX_SAFE_INTEGER) =>
      reader.readHeads(
        paths.map((path) => ({ path, sizeBytes: tree.get(path)?.sizeBytes ?? 0 })),
        maxBytes,
      ),
  });
});
afterAll(async () => {
  await reader?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

/** What a program of the image itself says. */
async function ask(command: readonly string[]): Promise<string> {
  return (await runProgram(reader.container, { command }, [0, 1, 123])).toString('latin1');
}

function ownersOf(path: string, ecosystem: Ecosystem): string[] {
  const owners = (inventory.owners.get(path) ?? []).flatMap((index) => inventory.packages[index] ?? []);
  return owners
    .filter((owner) => owner.ecosystem === ecosystem)
    .map(({ name, version }) => `${name} ${version}`);
}

describe('the research image', () => {
  it('has the packages, with their versions, that dpkg-query lists', async () => {
    const fields = [
      'db:Status-Status',
      'Package',
      'Version',
      'Architecture',
      'source:Package',
      'source:Version',
    ];
    const format = `${fields.map((field) => `\${${field}}`).join(' ')}\n`;
    const listed = (await ask(['dpkg-query', '-W', '-f', format])).trim().split('\n');
    const ours = inventory.packages.flatMap(({ ecosystem, name, version, architecture, sourcePackage }) =>
      ecosystem === 'deb'
        ? [`installed ${name} ${version} ${architecture} ${sourcePackage?.name} ${sourcePackage?.version}`]
        : [],
    );
    expect(listed.length).toBeGreaterThan(300);
    expect(ours.sort()).toEqual(listed.sort());
  });

  it('has the owners that dpkg -S names, for every installed file', async () => {
    const everything = "cat /var/lib/dpkg/info/*.list | sort -u | xargs -d '\\n' dpkg -S 2>/dev/null";
    const answers = new Map<string, Set<string>>();
    for (const line of (await ask(['sh', '-c', everything])).split('\n')) {
      if (line.startsWith('diversion ') || line.startsWith('local diversion')) continue;
      const colon = line.indexOf(': ');
      const names = line
        .slice(0, colon)
        .split(', ')
        .map((name) => name.split(':')[0] ?? '');
      const path = line.slice(colon + 2);
      answers.set(path, new Set([...(answers.get(path) ?? []), ...names]));
    }
    const versions = new Map(
      inventory.packages
        .filter(({ ecosystem }) => ecosystem === 'deb')
        .map(({ name, version }) => [name, version]),
    );
    // The names as a list has them, on a system where /bin and its like are links.
    const merged = (path: string) => path.replace(/^\/(bin|sbin|lib|lib32|lib64|libx32)\//, '/usr/$1/');
    const wrong: string[] = [];
    let right = 0;
    for (const [path, names] of answers) {
      const entry = tree.get(merged(path));
      if (entry === undefined || entry.type === 'directory') continue;
      const theirs = [...names].map((name) => `${name} ${versions.get(name)}`).sort();
      const ours = ownersOf(merged(path), 'deb').sort();
      // With merged /usr these are links, and a list names what was a folder in its package.
      const isMerged = entry.type === 'symlink' && /^\/[^/]+$/.test(path);
      if (ours.join() === theirs.join() || (isMerged && ours.every((one) => theirs.includes(one)))) right++;
      else wrong.push(`${path}: ${ours}, not ${theirs}`);
    }
    // The issue asks for 99 %.
    expect(right).toBeGreaterThan(49_000);
    expect(wrong).toEqual([]);
  });

  it('has the Python distributions, and their files, that importlib.metadata finds', async () => {
    const program = `
import importlib.metadata, json, os
print(json.dumps([[each.metadata['Name'], each.version, [os.path.normpath(str(each.locate_file(file)))
  for file in each.files or [] if os.path.lexists(each.locate_file(file))] if each.read_text('RECORD') else []]
  for each in importlib.metadata.distributions()]))`;
    const theirs = JSON.parse(await ask(['python3', '-c', program])) as [string, string, string[]][];
    const ours = inventory.packages.filter(({ ecosystem }) => ecosystem === 'pypi');
    expect(ours.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(
      theirs.map(([name, version]) => `${name} ${version}`).sort(),
    );
    const files = theirs.flatMap(([name, version, paths]) =>
      paths.map((path) => [path, `${name} ${version}`] as const),
    );
    expect(files.length).toBeGreaterThan(500);
    expect(files.filter(([path, owner]) => !ownersOf(path, 'pypi').includes(owner))).toEqual([]);
    expect(ownersOf('/usr/lib/python3/dist-packages/pandas/core/frame.py', 'pypi')).toEqual(['pandas 1.5.3']);
    expect(ownersOf('/usr/lib/python3/dist-packages/pandas/core/frame.py', 'deb')).toHaveLength(1);
  });

  it('has the R packages, in their folders, that packageDescription tells', async () => {
    const program = `for (package in rownames(installed.packages())) cat(package,
      packageDescription(package, fields = 'Version'), system.file(package = package), '\\n')`;
    const theirs = (await ask(['Rscript', '-e', program]))
      .trim()
      .split('\n')
      .map((line) => line.trim());
    const ours = inventory.packages.flatMap(({ ecosystem, name, version, database }) =>
      ecosystem === 'r' ? [`${name} ${version} ${database.replace(/\/DESCRIPTION$/, '')}`] : [],
    );
    expect(ours.sort()).toEqual(theirs.sort());
    expect(ownersOf('/usr/lib/R/site-library/ggplot2/R/ggplot2.rdb', 'r')).toEqual(['ggplot2 3.4.1']);
    expect(ownersOf('/usr/lib/R/site-library/ggplot2/R/ggplot2.rdb', 'deb')).toHaveLength(1);
  });

  it('names the distribution in the PURLs of its packages, and complains of nothing', () => {
    expect(inventory.packages.find(({ name }) => name === 'libc6')?.purl).toMatch(
      /^pkg:deb\/debian\/libc6@2\.36-[^?]*\?arch=amd64&distro=debian-12$/,
    );
    expect(inventory.warnings).toEqual([]);
    expect(inventory.owners.size + inventory.unowned.files).toBe(
      [...tree.entries()].filter(({ type }) => type !== 'directory').length,
    );
  });
});
