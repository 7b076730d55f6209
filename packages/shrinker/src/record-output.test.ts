import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { recordOutput } from './record-output.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-record-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('keeps and hashes each stream by itself, in the order of its chunks', async () => {
  await using recorder = await recordOutput(folder, 'run');
  const bytes = (text: string) => Buffer.from(text);
  await recorder.write({ stream: 'stdout', bytes: bytes('one ') });
  await recorder.write({ stream: 'stderr', bytes: bytes('error') });
  await recorder.write({ stream: 'stdout', bytes: bytes('two') });
  const { stdout, stderr } = await recorder.finish();
  expect(readFileSync(stdout.file, 'utf8')).toBe('one two');
  expect(readFileSync(stderr.file, 'utf8')).toBe('error');
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
