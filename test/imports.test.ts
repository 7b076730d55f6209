import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which packages of ours each package may import: the design's table. What is not listed here is forbidden. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'strace-parser': [],
  'symlink-resolver': [],
  'image-tree': ['symlink-resolver'],
  'keep-planner': ['strace-parser', 'symlink-resolver', 'image-tree'],
  'docker-engine': [],
  toolbox: ['docker-engine'],
  tracer: ['strace-parser', 'toolbox', 'docker-engine'],
  'image-builder': ['toolbox', 'docker-engine'],
  inventory: ['symlink-resolver', 'image-tree'],
  'run-comparison': [],
  report: [],
  manifest: [
    'strace-parser',
    'symlink-resolver',
    'image-tree',
    'keep-planner',
    'inventory',
    'run-comparison',
    'report',
  ],
  shrinker: [
    'strace-parser',
    'symlink-resolver',
    'image-tree',
    'keep-planner',
    'docker-engine',
    'toolbox',
    'tracer',
    'image-builder',
    'inventory',
    'run-comparison',
    'manifest',
  ],
  cli: [
    'strace-parser',
    'keep-planner',
    'docker-engine',
    'toolbox',
    'tracer',
    'image-builder',
    'inventory',
    'run-comparison',
    'manifest',
    'report',
    'shrinker',
  ],
};

/** Modules that only one package may know. */
const ONLY_IN: Readonly<Record<string, string>> = {
  dockerode: 'docker-engine',
  'docker-modem': 'docker-engine',
  'yargs-parser': 'cli',
  'sql.js': 'inventory',
  'packageurl-js': 'inventory',
  fflate: 'inventory',
  'spdx-expression-parse': 'inventory',
  ora: 'cli',
  zod: 'cli',
  leven: 'cli',
  'shell-quote': 'cli',
  'p-map': 'shrinker',
  'd3-hierarchy': 'report',
  'd3-scale': 'report',
};

/** The parser's own small command is the one other place that may print. */
const MAY_SPEAK: readonly string[] = ['cli/', 'strace-parser/src/bin.ts'];

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
    const inside = imports.filter(({ module }) =>
      /^@keepset\/(?!shrinker\/failure$)[^/]+\/.+|\/packages\/|^\.\.\/\.\.\//.test(module),
    );
    expect(inside.map(({ file, module }) => `${file}: ${module}`)).toEqual([]);
  });

  it.each(Object.entries(ONLY_IN))('keeps %s inside %s', (module, owner) => {
    const others = imports.filter((each) => each.module === module && each.name !== owner);
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
