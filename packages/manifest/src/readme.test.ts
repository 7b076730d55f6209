import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runReadmeExample } from '../../../test-fixtures/readme-example.ts';
import * as manifest from './index.js';

it("prints what the README's example says", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'test-readme-'));
  const { printed, expected } = await runReadmeExample({
    readme: new URL('../README.md', import.meta.url),
    load: (name) => (name === '@keepset/manifest' ? manifest : import(name)),
    replace: { 'manifest.json': join(folder, 'manifest.json') },
  });
  rmSync(folder, { recursive: true });
  expect(printed).toEqual(expected);
});
