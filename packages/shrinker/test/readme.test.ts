import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import * as shrinker from '../src/index.js';

it("prints what the README's example says", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'test-readme-'));
  await using engine = await connectTestEngine();
  const manifest = join(folder, 'manifest.json');
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const code = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const expected = [...code.matchAll(/^ *\/\/ prints: (.*)$/gm)].map((match) => match[1]);
  const body = code
    .replace(/^import (\{.*?\}) from ('.*?');$/gm, 'const $1 = await load($2);')
    .replace('debian:bookworm-slim', await ensureBase(engine))
    .replace('manifest.json', manifest);
  const load = (name: string) => (name === '@keepset/shrinker' ? shrinker : import(name));
  const printed: string[] = [];
  const log = (...values: unknown[]) => printed.push(values.join(' '));
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<void>;
  await new AsyncFunction('load', 'console', body)(load, { log });
  await engine.removeImage('shrinker-example:small');
  expect(printed).toEqual(expected);
  expect(printed).not.toEqual([]);
  expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({ manifestVersion: 1, verified: true });
  rmSync(folder, { recursive: true });
});
