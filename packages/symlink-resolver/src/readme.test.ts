import { expect, it } from 'vitest';
import { runReadmeExample } from '../../../test-fixtures/readme-example.ts';
import * as symlinkResolver from './index.js';

it.each([0, 1])("prints what the README's example %i says", async (block) => {
  const { printed, expected } = await runReadmeExample({
    readme: new URL('../README.md', import.meta.url),
    block,
    load: (name) => (name === '@keepset/symlink-resolver' ? symlinkResolver : import(name)),
  });
  expect(printed).toEqual(expected);
});
