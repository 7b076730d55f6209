import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { runReadmeExample } from '../../../test-fixtures/readme-example.ts';
import * as shrinker from '../src/index.js';

it("prints what the README's example says", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'test-readme-'));
  await using engine = await connectTestEngine();
  const manifest = join(folder, 'manifest.json');
  const { printed, expected } = await runReadmeExample({
    readme: new URL('../README.md', import.meta.url),
    load: (name) => (name === '@keepset/shrinker' ? shrinker : import(name)),
    replace: { 'debian:bookworm-slim': await ensureBase(engine), 'manifest.json': manifest },
  });
  await engine.removeImage('shrinker-example:small');
  expect(printed).toEqual(expected);
  expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({ manifestVersion: 1, verified: true });
  rmSync(folder, { recursive: true });
});
