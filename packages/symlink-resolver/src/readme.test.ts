import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import * as symlinkResolver from './index.js';

it("prints what the README's example says", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const code = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const expected = [...code.matchAll(/^\/\/ prints: (.*)$/gm)].map((match) => match[1]);
  const body = code.replace(/^import (\{.*?\}) from '@keepset\/symlink-resolver';$/m, 'const $1 = module;');
  const printed: string[] = [];
  const log = (...values: unknown[]) => printed.push(values.join(' '));
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<void>;
  await new AsyncFunction('module', 'console', body)(symlinkResolver, { log });
  expect(printed).toEqual(expected);
  expect(printed).not.toEqual([]);
});
