import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import * as toolbox from './index.js';

it("prints what the README's example says", async () => {
  await using engine = await connectTestEngine();
  const base = await ensureBase(engine);
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const code = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const expected = [...code.matchAll(/^ *\/\/ prints: (.*)$/gm)].map((match) => match[1]);
  const body = code
    .replace(/^import (\{.*?\}) from ('.*?');$/gm, 'const $1 = await load($2);')
    .replaceAll('debian:bookworm-slim', base);
  const load = (name: string) => (name === '@keepset/toolbox' ? toolbox : import(name));
  const printed: string[] = [];
  const log = (...values: unknown[]) => printed.push(values.join(' '));
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<void>;
  await new AsyncFunction('load', 'console', body)(load, { log });
  expect(printed).toEqual(expected);
  expect(printed).not.toEqual([]);
});
