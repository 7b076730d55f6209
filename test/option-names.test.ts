import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../packages/cli/src/registry.ts';

/**
 * A library's caller cannot follow a hint to use an option of the command line, and a renamed option makes it wrong: only
 * cli names its options. Other programs have options of the same names; those are listed here.
 */
const OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  // docker run
  'docker-engine/src/run-options.ts': ['env-file'],
  'tracer/src/capabilities.ts': ['cap-add', 'cap-drop'],
  'tracer/src/identity.ts': ['user'],
  // tar, and a Dockerfile's RUN and COPY
  'image-builder/src/dockerfile.ts': ['file', 'format', 'from', 'mount'],
  'image-builder/src/removal-context.ts': ['file'],
  'image-builder/src/write-output.ts': ['file'],
  'toolbox/src/image-reader.ts': ['file', 'format'],
  'toolbox/src/read-capable.ts': ['file'],
  // trivy
  'inventory/src/findings.ts': ['format'],
  // strace, and the parser's own command
  'strace-parser/src/log-reader.ts': ['quiet'],
  'strace-parser/src/command.ts': ['check'],
};

/** What is still to be moved into cli; nothing is added here. */
const TO_BE_MOVED: readonly string[] = [
  '--builder in image-builder/src/build-by-removal.ts',
  '--change in image-builder/src/apply-changes.ts',
  '--drop in keep-planner/src/drop-unwanted.ts',
  '--drop in keep-planner/src/plan-error.ts',
  '--drop-file in keep-planner/src/pattern-list.ts',
  '--exec in tracer/src/service-address.ts',
  '--exec in tracer/src/watch-unasked.ts',
  '--http in tracer/src/watch-unasked.ts',
  '--keep in keep-planner/src/explain-path.ts',
  '--keep in keep-planner/src/keep-wanted.ts',
  '--keep-file in keep-planner/src/pattern-list.ts',
  '--network in tracer/src/service-address.ts',
  '--online in inventory/src/parse-query.ts',
  '--osv in inventory/src/parse-query.ts',
  '--probe in tracer/src/watch-unasked.ts',
  '--ready in tracer/src/await-ready.ts',
  '--ready in tracer/src/watch-unasked.ts',
  '--ready-timeout in tracer/src/await-ready.ts',
  '--security-opt in docker-engine/src/connect-engine.ts',
  '--step-timeout in tracer/src/take-step.ts',
  '--toolbox in toolbox/src/host-toolbox.ts',
  '--toolbox in toolbox/src/image-toolbox.ts',
  '--toolbox in toolbox/src/installed-toolbox.ts',
  '--toolbox in toolbox/src/provide-toolbox.ts',
  '--user in docker-engine/src/engine-error.ts',
  '--workdir in keep-planner/src/needed-places.ts',
];

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

/** `keep in keep-planner/src/keep-wanted.ts` */
function mentionsOf(file: string): readonly string[] {
  const texts = textsOf(file, readFileSync(join(packagesFolder, file), 'utf8'));
  const found = texts.flatMap((text) => [...text.matchAll(MENTION)].map(([, name = '']) => name));
  const allowed = OF_OTHERS[file] ?? [];
  return [...new Set(found)].filter((name) => !allowed.includes(name)).map((name) => `--${name} in ${file}`);
}

describe('options of the command line', () => {
  it('are those of its definitions', () => {
    expect(names.has('listed')).toBe(true);
    expect('use --listed keep, --no-verify or --keepers'.match(MENTION)).toEqual(['--listed', '--no-verify']);
  });

  it('are named in no library', () => {
    const mentions = libraries.flatMap(sourcesOf).flatMap(mentionsOf).sort();
    expect(mentions).toEqual([...TO_BE_MOVED].sort());
  });

  it('of others are still there', () => {
    const unused = Object.entries(OF_OTHERS).flatMap(([file, options]) => {
      const texts = textsOf(file, readFileSync(join(packagesFolder, file), 'utf8')).join('\n');
      return options.filter((name) => !texts.includes(`--${name}`)).map((name) => `--${name} in ${file}`);
    });
    expect(unused).toEqual([]);
  });
});
