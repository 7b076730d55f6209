import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Beside the README, so that imports are looked for as those of the package are: what it exports is what was built. */
const examples = new Map(
  readdirSync(join(ROOT, 'packages')).flatMap((name) => {
    const readme = readFileSync(join(ROOT, 'packages', name, 'README.md'), 'utf8');
    return [...readme.matchAll(/```(?:js|ts)\n(.*?)```/gs)].map(([, code = ''], index): [string, string] => [
      join(ROOT, 'packages', name, `readme-example-${index}.ts`),
      code,
    ]);
  }),
);

it.each(['nodenext', 'node16', 'bundler'])(
  'the examples of the READMEs compile under strict, by %s',
  (resolution) => {
    const { options, errors } = ts.convertCompilerOptionsFromJson(
      {
        module: resolution === 'bundler' ? 'esnext' : resolution,
        moduleResolution: resolution,
        target: 'es2023',
        lib: ['es2023', 'esnext.disposable'],
        types: ['node'],
        strict: true,
        noEmit: true,
      },
      ROOT,
    );
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists, readFile } = host;
    host.fileExists = (file) => examples.has(file) || fileExists(file);
    host.readFile = (file) => examples.get(file) ?? readFile(file);
    host.getSourceFile = (file, version, ...rest) => {
      const code = examples.get(file);
      return code === undefined
        ? getSourceFile(file, version, ...rest)
        : ts.createSourceFile(file, code, version);
    };
    const program = ts.createProgram([...examples.keys()], options, host);
    const faults = [...errors, ...ts.getPreEmitDiagnostics(program)];
    expect(ts.formatDiagnostics(faults, { ...host, getNewLine: () => '\n' })).toBe('');
  },
);
