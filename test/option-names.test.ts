import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../packages/cli/src/registry.ts';

/**
 * A library's caller cannot follow a hint to use an option of the command line, and a renamed option makes it wrong: only
 * cli names its options. Other programs have options of the same names; those are listed here.
 */
const OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  // tar, touch, and a Dockerfile's RUN and COPY
  'image-builder/build-context.ts': ['file', 'format', 'from', 'mount', 'reference'],
  'image-builder/removal-context.ts': ['file'],
  'image-builder/write-output.ts': ['file'],
  'toolbox/read-archive.ts': ['file', 'format'],
  'toolbox/read-capable.ts': ['file'],
  // apptainer, and docker's that it is told
  'archive/apptainer-script.ts': ['entrypoint', 'init', 'mount', 'network', 'read-only', 'tmpfs', 'workdir'],
  // docker and podman
  'archive/scripts.ts': [
    'cap-drop',
    'cpus',
    'entrypoint',
    'group-add',
    'hostname',
    'init',
    'memory',
    'network',
    'pids-limit',
    'read-only',
    'shm-size',
    'tmpfs',
    'stop-signal',
    'ulimit',
    'user',
    'workdir',
  ],
  // sbatch and squeue
  'fleet/slurm.ts': ['format', 'jobs', 'output'],
  // docker run
  'hardening/apparmor-text.ts': ['security-opt'],
  'hardening/run-script.ts': [
    'cap-add',
    'cap-drop',
    'network',
    'read-only',
    'rm',
    'security-opt',
    'tmpfs',
    'volume',
  ],
  // trivy
  'inventory/findings.ts': ['format'],
  // strace, and the command of the tools for its logs
  'strace-parser/log-reader.ts': ['quiet'],
  'strace-tools/command-options.ts': ['from', 'json'],
};

const names = new Set(
  COMMANDS.flatMap(({ definition }) => definition.groups.flatMap(({ options }) => Object.keys(options))),
);
const MENTION = new RegExp(`(?<![\\w-])--(?:no-)?(${[...names].join('|')})(?![\\w-])`, 'g');

const packagesFolder = new URL('../packages/', import.meta.url).pathname;
const sources = readdirSync(packagesFolder)
  .filter((name) => name !== 'cli')
  .flatMap(sourcesOf);

interface Source {
  /** By package and name, wherever in the package it lies: `keep-planner/plan-keep.ts`. */
  readonly file: string;
  readonly text: string;
}

function sourcesOf(name: string): readonly Source[] {
  const folder = join(packagesFolder, name, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/\.test(-helper)?\.ts$/.test(file))
    .map((file) => ({ file: `${name}/${basename(file)}`, text: readFileSync(join(folder, file), 'utf8') }));
}

/** Everything that is printed or published: strings, templates and docstrings; no other comments. */
function textsOf({ file, text }: Source): readonly string[] {
  const texts = [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].map(([docstring]) => docstring);
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return texts;
}

/** Names of options, each once. */
function mentionsOf(source: Source): readonly string[] {
  // Most sources hold none at all, and need not be parsed.
  if (source.text.search(MENTION) < 0) return [];
  return [
    ...new Set(textsOf(source).flatMap((text) => [...text.matchAll(MENTION)].map(([, name = '']) => name))),
  ];
}

describe('options of the command line', () => {
  it('are those of its definitions', () => {
    expect(names.has('listed')).toBe(true);
    expect('use --listed keep, --no-verify or --keepers'.match(MENTION)).toEqual(['--listed', '--no-verify']);
  });

  it('are named in no library', () => {
    const mentions = sources.flatMap((source) => {
      const own = mentionsOf(source).filter((name) => !OF_OTHERS[source.file]?.includes(name));
      return own.map((name) => `--${name} in ${source.file}`);
    });
    expect(mentions.sort()).toEqual([]);
  });

  it('of others are where this says', () => {
    const missing = Object.entries(OF_OTHERS).flatMap(([file, options]) => {
      const mentioned = sources.filter((source) => source.file === file).flatMap(mentionsOf);
      return options.filter((name) => !mentioned.includes(name)).map((name) => `--${name} in ${file}`);
    });
    expect(missing).toEqual([]);
  });
});
