import { expect, it } from 'vitest';
import { runReadmeExample } from '../../../test-fixtures/readme-example.ts';
import * as fleet from './index.js';

it("prints what the README's example says", async () => {
  const { printed, expected } = await runReadmeExample({
    readme: new URL('../README.md', import.meta.url),
    load: (name) => (name === '@keepset/fleet' ? fleet : import(name)),
  });
  expect(printed).toEqual(expected);
});
