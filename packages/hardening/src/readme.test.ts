import { expect, it } from 'vitest';
import { runReadmeExample } from '../../../test-fixtures/readme-example.ts';
import * as hardening from './index.js';

it("prints what the README's example says", async () => {
  const { printed, expected } = await runReadmeExample({
    readme: new URL('../README.md', import.meta.url),
    load: (name) => (name === '@keepset/hardening' ? hardening : import(name)),
  });
  expect(printed).toEqual(expected);
});
