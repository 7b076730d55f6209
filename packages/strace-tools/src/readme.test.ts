import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runReadmeExample } from '../../../test-fixtures/readme-example.ts';
import * as straceTools from './index.js';

it("prints what the README's example says", async () => {
  const readme = new URL('../README.md', import.meta.url);
  const log = join(mkdtempSync(join(tmpdir(), 'keepset-readme-')), 'app.strace');
  writeFileSync(log, /```text\n(.*?)```/s.exec(readFileSync(readme, 'utf8'))?.[1] ?? '');
  const { printed, expected } = await runReadmeExample({
    readme,
    load: (name) => (name === '@keepset/strace-tools' ? straceTools : import(name)),
    replace: { 'app.strace': log },
  });
  expect(printed).toEqual(expected);
});
