import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';

const PROGRAM = new URL('../dist/keepset.js', import.meta.url).pathname;

/** Numbers and ids are those of one machine and one day; so is where columns end. */
function masked(text: string): string {
  return (
    text
      .replace(/^(keepset: inspect .* s {2})[0-9a-f]{12}$/gm, '$1ID')
      // Which packages are the largest is another image's business.
      .replace(/^((?:kept|removed) +).*\n(?: .*\n)*/gm, '$1…\n')
      .replace(/\d[\d.,]*/g, '#')
      .replace(/ +/g, ' ')
  );
}

it("the README's transcript is what the command prints", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'test-readme-'));
  await using engine = await connectTestEngine();
  const base = await ensureBase(engine);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const transcript = /```console\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const steps = transcript.split(/^\$ /m).filter(Boolean);
  expect(steps.length).toBeGreaterThan(1);
  const name = 'first:small';
  const own = `keepset/test-readme-${process.pid}:small`;
  try {
    for (const step of steps) {
      const [line = '', ...output] = step.split('\n');
      const script = `keepset() { "$NODE" "$PROGRAM" "$@"; }\n${line.replace('debian:bookworm-slim', base).replace(name, own)} 2>&1`;
      const { stdout } = await promisify(execFile)('sh', ['-c', script], {
        cwd: folder,
        env: { ...process.env, NODE: process.execPath, PROGRAM },
      });
      expect(masked(stdout.replace(own, name))).toBe(masked(output.join('\n')));
    }
  } finally {
    await engine.removeImage(own);
    rmSync(folder, { recursive: true });
  }
});
