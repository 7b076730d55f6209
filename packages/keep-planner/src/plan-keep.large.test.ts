import type { FileAccess } from '@keepset/strace-parser';
import { expect, it } from 'vitest';
import { planKeep } from './index.js';
import { access, type TestEntry, testSource } from './test-source.test-helper.js';

it('plans a million accesses to 20,000 files (time and memory are printed, not asserted)', async () => {
  const files: Record<string, TestEntry> = {};
  for (let index = 0; index < 20_000; index++)
    files[`/usr/lib/package-${index % 200}/file-${index}.py`] = 'x';
  const source = testSource(files);
  const paths = Object.keys(files).map((path) => access('open', path).path);
  async function* accesses() {
    for (let line = 1; line <= 1_000_000; line += 1000) {
      yield Array.from({ length: 1000 }, (_, index): FileAccess => {
        const path = paths[(line * 7 + index) % paths.length] as FileAccess['path'];
        return {
          path,
          action: index % 2 ? 'open' : 'stat',
          follow: true,
          call: 'openat',
          pid: 1,
          line: line + index,
        };
      });
    }
  }
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const start = performance.now();
  const plan = await planKeep([{ name: 'main', accesses: accesses() }], source, { needs: { volumes: [] } });
  const seconds = (performance.now() - start) / 1000;
  globalThis.gc?.();
  const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;
  expect(plan.kept.size).toBeGreaterThan(20_000);
  expect(source.asked.links).toBeLessThanOrEqual(5);
  process.stdout.write(
    `1,000,000 accesses to 20,000 files: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB held after\n`,
  );
}, 60_000);
