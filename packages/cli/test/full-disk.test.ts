import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';

const PROGRAM = new URL('../dist/keepset.js', import.meta.url).pathname;
const NAME = `keepset/test-full-disk-${process.pid}:result`;
const run = promisify(execFile);

let engine: Engine;
let image: string;
let layerBytes: number;
const folder = mkdtempSync(join(tmpdir(), 'test-full-'));
const small = join(folder, 'small');

beforeAll(async () => {
  engine = await connectTestEngine();
  image = await ensureImage(engine, 'static');
  layerBytes = (await engine.inspectImage(image))?.sizeBytes ?? 0;
  mkdirSync(small);
});
afterAll(async () => {
  await engine.removeImage(NAME);
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** A file system of a few pages, at `small` while the action goes on. */
async function onSmallDisk<T>(sizeBytes: number, action: () => Promise<T>): Promise<T> {
  await run('mount', ['-t', 'tmpfs', '-o', `size=${Math.ceil(sizeBytes / 4096) * 4096}`, 'tmpfs', small]);
  try {
    return await action();
  } finally {
    await run('umount', [small]);
  }
}

async function flatten(
  output: string,
  temporary: string,
): Promise<{ status: number | null; stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, 'flatten', '-t', NAME, '-o', output, image], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const text = Buffer.concat(await Array.fromAsync(child.stderr as AsyncIterable<Buffer>)).toString();
  const status =
    child.exitCode ?? (await new Promise<number | null>((resolve) => child.on('close', resolve)));
  return { status, stderr: text.replace(/^keepset: \w+ +[\d.]+ s {2}.*\n/gm, '') };
}

it.each([
  ['of the layer', 0.5, 'type=oci'],
  ['of the layer that is compressed', 1.2, 'type=oci,compression=gzip'],
])('no room for the temporary file %s', async (_, share, output) => {
  const file = join(folder, 'out');
  await onSmallDisk(share * layerBytes, async () => {
    expect(await flatten(`${output},dest=${file}`, small)).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^keepset: no space left for the layer in .*\n {2}Point TMPDIR at .*\n$/),
    });
    expect(readdirSync(small)).toEqual([]);
  });
  expect(existsSync(file)).toBe(false);
  expect(await engine.inspectImage(NAME)).toBeUndefined();

  expect(await flatten(`${output},dest=${file}`, folder)).toMatchObject({ status: 0 });
  expect(await engine.inspectImage(NAME)).toBeDefined();
  expect(readdirSync(folder)).toEqual(['out', 'small']);
  rmSync(file);
  await engine.removeImage(NAME);
});

it('no room where the archive goes', async () => {
  await onSmallDisk(0.5 * layerBytes, async () => {
    expect(await flatten(`type=docker,dest=${join(small, 'out')}`, folder)).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^keepset: cannot write .*ENOSPC.*\n {2}Make room there.*\n$/),
    });
    expect(readdirSync(small)).toEqual([]);
  });
  expect(await engine.inspectImage(NAME)).toBeUndefined();
});
