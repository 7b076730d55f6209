import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOOLBOX_FOLDER } from '@keepset/toolbox';
import { TRACE_FOLDER } from '@keepset/tracer';
import { afterAll, expect, it } from 'vitest';
import { spoolOutput } from './spool-output.js';

const folder = mkdtempSync(join(tmpdir(), 'test-spool-output-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LOST = `${TOOLBOX_FOLDER}/bin/strace: ${TRACE_FOLDER}/container-1: No space left on device\n`;

it('what had come when a client asked for the end, unless it goes on', async () => {
  const spool = spoolOutput(folder, 'asked');
  const write = (text: string) => spool.write({ stream: 'stdout', bytes: Buffer.from(text) });
  await write('begun\n');
  spool.markEnd();
  await write('ended\n');
  spool.goOn();
  await write('again\n');
  spool.markEnd();
  await write('ended\n');
  spool.markEnd();
  expect((await spool.finish()).beforeEnd).toEqual({ stdout: 18, stderr: 0 });
});

it.each<[name: string, stderr: string, traceError: string | undefined]>([
  ['with all of its trace', 'done\n', undefined],
  ['whose trace has a hole', `${LOST}done\n`, 'No space left on device'],
])('the output of a program %s', async (name, stderr, traceError) => {
  const spool = spoolOutput(folder, name);
  await spool.write({ stream: 'stdout', bytes: Buffer.from('out') });
  await spool.write({ stream: 'stderr', bytes: Buffer.from(stderr) });
  const output = await spool.finish();
  expect(output.traceError).toBe(traceError);
  expect([output.stdout.sizeBytes, output.stderr.sizeBytes]).toEqual([3, Buffer.byteLength(stderr)]);
});
