import { expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { runReadmeExample } from '../../../test-fixtures/readme-example.ts';
import * as recorder from './index.js';

it("prints what the README's example says", async () => {
  await using engine = await connectTestEngine();
  const { printed, expected } = await runReadmeExample({
    readme: new URL('../README.md', import.meta.url),
    load: (name) => (name === '@keepset/recorder' ? recorder : import(name)),
    replace: { 'debian:bookworm-slim': await ensureBase(engine) },
  });
  expect(printed).toEqual(expected);
});
