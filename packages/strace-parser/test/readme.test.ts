import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The blocks of code in this language, in order. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code]) => code ?? '',
  );
}

it('the example in the README does what it says', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'keepset-readme-'));
  const [log = ''] = blocks('text');
  const [code = ''] = blocks('ts');
  writeFileSync(join(directory, 'app.strace'), log);
  const outfile = join(directory, 'example.mjs');
  await build({
    stdin: {
      contents: code.replaceAll("'app.strace'", JSON.stringify(join(directory, 'app.strace'))),
      resolveDir: directory,
      loader: 'ts',
    },
    alias: { '@keepset/strace-parser': fileURLToPath(new URL('../src/index.ts', import.meta.url)) },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
  });
  const printed: string[] = [];
  const original = console.log;
  console.log = (...values: unknown[]) => void printed.push(values.join(' '));
  try {
    await import(outfile);
  } finally {
    console.log = original;
  }
  const promised = [...code.matchAll(/^ *\/\/ > (.*)$/gm)].map(([, line]) => line);
  expect(printed).toEqual(promised);
  expect(promised.length).toBeGreaterThan(3);
});
