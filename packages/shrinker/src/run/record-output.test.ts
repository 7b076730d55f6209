import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Content } from '@keepset/run-comparison';
import { afterAll, expect, it } from 'vitest';
import { recordOutput } from './record-output.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-record-'));
afterAll(() => rmSync(folder, { recursive: true }));

const text = async ({ read }: Content) => Buffer.concat(await Array.fromAsync(read())).toString();

it('keeps and hashes each stream by itself, in the order of its chunks', async () => {
  await using recorder = await recordOutput(folder, 'run');
  const bytes = (text: string) => Buffer.from(text);
  await recorder.write({ stream: 'stdout', bytes: bytes('one ') });
  await recorder.write({ stream: 'stderr', bytes: bytes('error') });
  await recorder.write({ stream: 'stdout', bytes: bytes('two') });
  const { stdout, stderr } = await recorder.finish();
  expect(await text(stdout)).toBe('one two');
  expect(await text(stderr)).toBe('error');
  expect(stdout).toMatchObject({
    sizeBytes: 7,
    sha256: createHash('sha256').update('one two').digest('hex'),
  });
});

it('an output that was not finished is closed all the same', async () => {
  const recorder = await recordOutput(folder, 'left');
  await recorder[Symbol.asyncDispose]();
  await expect(recorder.write({ stream: 'stdout', bytes: Buffer.from('late') })).rejects.toThrow();
});
