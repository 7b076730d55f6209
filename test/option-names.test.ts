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
  // docker run
  'docker-engine/run-options.ts': ['env-file'],
  'tracer/capabilities.ts': ['cap-add', 'cap-drop'],
  'tracer/identity.ts': ['user'],
  // tar, and a Dockerfile's RUN and COPY
  'image-builder/dockerfile.ts': ['file', 'format', 'from', 'mount'],
  'image-builder/apply-changes.ts': ['change'],
  'image-builder/removal-context.ts': ['file'],
  'image-builder/write-output.ts': ['file'],
  'toolbox/read-archive.ts': ['file', 'format'],
  'toolbox/read-capable.ts': ['file'],
  // trivy
  'inventory/findings.ts': ['format'],
  // strace, and the parser's own command
  'strace-parser/log-reader.ts': ['quiet'],
  'strace-parser/command.ts': ['check'],
};

const names = new Set(
  COMMANDS.flatMap(({ definition }) => definition.groups.flatMap(({ options }) => Object.keys(options))),
);
const MENTION = new RegExp(`(?<![\\w-])--(?:no-)?(${[...names].join('|')})(?![\\w-])`, 'g');

const packagesFolder = new URL('../packages/', import.meta.url).pathname;
const libraries = readdirSync(packagesFolder).filter((name) => name !== 'cli');

function sourcesOf(name: string): readonly string[] {
  return readdirSync(join(packagesFolder, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/\.test(-helper)?\.ts$/.test(file))
    .map((file) => `${name}/src/${file}`);
}

/** Everything that is printed or published: strings, templates and docstrings; no other comments. */
function textsOf(file: string, text: string): readonly string[] {
  const texts = [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].map(([docstring]) => docstring);
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return texts;
}

/** Its package and its name, whatever folder it is in. */
function placeOf(file: string): string {
  return `${file.split('/')[0]}/${basename(file)}`;
}

/** `keep in keep-planner/src/keep-wanted.ts` */
function mentionsOf(file: string): readonly string[] {
  const texts = textsOf(file, readFileSync(join(packagesFolder, file), 'utf8'));
  const found = texts.flatMap((text) => [...text.matchAll(MENTION)].map(([, name = '']) => name));
  const allowed = OF_OTHERS[placeOf(file)] ?? [];
  return [...new Set(found)].filter((name) => !allowed.includes(name)).map((name) => `--${name} in ${file}`);
}

describe('options of the command line', () => {
  it('are those of its definitions', () => {
    expect(names.has('listed')).toBe(true);
    expect('use --listed keep, --no-verify or --keepers'.match(MENTION)).toEqual(['--listed', '--no-verify']);
  });

  it('are named in no library', () => {
    const mentions = libraries.flatMap(sourcesOf).flatMap(mentionsOf).sort();
    expect(mentions).toEqual([]);
  });

  it('of others are still there', () => {
    const unused = Object.entries(OF_OTHERS).flatMap(([file, options]) => {
      const place = libraries.flatMap(sourcesOf).find((each) => placeOf(each) === file);
      if (place === undefined) return [file];
      const texts = textsOf(place, readFileSync(join(packagesFolder, place), 'utf8')).join('\n');
      return options.filter((name) => !texts.includes(`--${name}`)).map((name) => `--${name} in ${file}`);
    });
    expect(unused).toEqual([]);
  });
});
