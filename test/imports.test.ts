import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FOLDERS, FOR_ALL_FOLDERS, MAY_IMPORT } from './import-table.ts';

/** Modules that only one package may know. */
const ONLY_IN: Readonly<Record<string, string | readonly string[]>> = {
  dockerode: 'docker-engine',
  'docker-modem': 'docker-engine',
  'yargs-parser': 'cli',
  'sql.js': 'inventory',
  'packageurl-js': 'inventory',
  fflate: 'inventory',
  htmlparser2: 'tracer',
  '@csstools/css-tokenizer': 'tracer',
  'spdx-expression-parse': 'inventory',
  ora: 'cli',
  zod: ['archive', 'cli', 'fleet', 'shrinker'],
  'csv-stringify/sync': 'strace-tools',
  'hyparquet-writer': ['manifest', 'strace-tools'],
  'xz-decompress': 'strace-tools',
  leven: 'cli',
  'shell-quote': ['cli', 'action'],
  'p-map': 'shrinker',
  'd3-hierarchy': 'report',
  'd3-scale': 'report',
};

/** Other commands than keepset, each in a file of its own. */
const MAY_SPEAK: readonly string[] = ['cli/', 'action/src/keepset-action.ts', 'strace-tools/src/bin.ts'];

const packagesFolder = new URL('../packages/', import.meta.url).pathname;
const packages = readdirSync(packagesFolder);

interface Source {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

function sourcesOf(name: string): Source[] {
  return readdirSync(join(packagesFolder, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => ({
      name,
      file: `${name}/src/${file}`,
      text: readFileSync(join(packagesFolder, name, 'src', file), 'utf8'),
    }));
}

function importsOf({ text }: Source): string[] {
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)[^'"`;]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
    ),
  ].flatMap(([, one, two, three]) => one ?? two ?? three ?? []);
}

const sources = packages.flatMap(sourcesOf);
const imports = sources.flatMap((source) => importsOf(source).map((module) => ({ ...source, module })));

describe('the design’s table of imports', () => {
  it('names every package', () => {
    expect(Object.keys(MAY_IMPORT).sort()).toEqual([...packages].sort());
  });

  it.each(packages)('%s imports of ours only what it may', (name) => {
    const ours = imports.filter((each) => each.name === name && each.module.startsWith('@keepset/'));
    const used = [...new Set(ours.map(({ module }) => module.split('/')[1] ?? ''))];
    expect(used.filter((each) => !MAY_IMPORT[name]?.includes(each))).toEqual([]);
  });

  it.each(packages)('%s declares of ours only what it may', (name) => {
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(packagesFolder, name, 'package.json'), 'utf8'),
    );
    const ours = Object.keys(dependencies).filter((each) => each.startsWith('@keepset/'));
    expect(ours.filter((each) => !MAY_IMPORT[name]?.includes(each.slice('@keepset/'.length)))).toEqual([]);
  });

  it('lets nobody into another package’s insides', () => {
    const inside = imports.filter(({ name, file, module }) => {
      if (module.startsWith('.')) return !normalize(join(dirname(file), module)).startsWith(`${name}/`);
      return /^@keepset\/(?!shrinker\/failure$)[^/]+\/.+|\/packages\//.test(module);
    });
    expect(inside.map(({ file, module }) => `${file}: ${module}`)).toEqual([]);
  });

  it.each(Object.entries(ONLY_IN))('keeps %s inside %s', (module, owners) => {
    const others = imports.filter((each) => each.module === module && ![owners].flat().includes(each.name));
    expect(others.map(({ file }) => file)).toEqual([]);
  });

  it('lets only the command line speak and exit', () => {
    const speaking = sources.filter(({ file, text }) => {
      if (MAY_SPEAK.some((place) => file.startsWith(place))) return false;
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      return /\bconsole\.\w+\(|\bprocess\.(env|exit|exitCode|stdout|stderr|stdin|argv|on|cwd)\b/.test(code);
    });
    expect(speaking.map(({ file }) => file)).toEqual([]);
  });

  it('gives the parser no dependency', () => {
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(packagesFolder, 'strace-parser/package.json'), 'utf8'),
    );
    expect(dependencies).toEqual({});
  });
});

describe('the folders of a package', () => {
  it.each(Object.keys(FOLDERS))('of %s are those of the table', (name) => {
    const folders = readdirSync(join(packagesFolder, name, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(folders.sort()).toEqual(Object.keys(FOLDERS[name] ?? {}).sort());
  });

  it.each(Object.entries(FOLDERS))('of %s import each other only as they may', (name, mayImport) => {
    const crossing = imports.flatMap(({ name: own, file, module }) => {
      const place = file.slice(`${own}/src/`.length);
      if (own !== name || !module.startsWith('.') || !place.includes('/')) return [];
      const target = normalize(join(dirname(place), module)).replace(/\.js$/, '.ts');
      const [from = '', to = ''] = [place.split('/')[0], target.split('/')[0]];
      const isAllowed = from === to || FOR_ALL_FOLDERS.includes(target) || mayImport[from]?.includes(to);
      return isAllowed ? [] : [`${file}: ${module}`];
    });
    expect(crossing).toEqual([]);
  });

  it('are lists that one can overlook: 30 files at most, tests not counted', () => {
    const counts = new Map<string, number>();
    for (const { file } of sources) {
      const folder = dirname(file);
      if (!file.includes('.test-helper.')) counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    expect([...counts].filter(([, count]) => count > 30)).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const text = readFileSync(new URL('../docs/architecture.md', import.meta.url), 'utf8');
  const rows = (heading: string) =>
    (text.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
  const toList = (cell = '') => (cell === '–' ? [] : cell.split(', ')).sort();

  it('names every package, and whom it may import', () => {
    const shown = rows('Packages').map(([, name, , mayImport]) => [name, toList(mayImport)]);
    const table = Object.entries(MAY_IMPORT).map(([name, ours]) => [name, [...ours].sort()]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(table));
  });

  it('names every folder of the packages that have steps, and whom it may import', () => {
    const shown = rows('Folders').map(([, name, , mayImport]) => [name, toList(mayImport)]);
    const table = Object.entries(FOLDERS).flatMap(([name, folders]) =>
      Object.entries(folders).map(([folder, ours]) => [`${name}/${folder}`, [...ours].sort()]),
    );
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(table));
  });
});
