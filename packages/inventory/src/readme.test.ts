import { expect, it } from 'vitest';
import { runReadmeExample } from '../../../test-fixtures/readme-example.ts';
import * as inventory from './index.js';

it("prints what the README's example says", async () => {
  const { printed, expected } = await runReadmeExample({
    readme: new URL('../README.md', import.meta.url),
    load: (name) => (name === '@keepset/inventory' ? inventory : import(name)),
    replace: { 'fixtures/gems': new URL('../fixtures/gems', import.meta.url).pathname },
  });
  expect(printed).toEqual(expected);
});
