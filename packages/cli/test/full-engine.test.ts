import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allContainers, unnamedImages } from '../../../packages/shrinker/test/all-containers.ts';
import { copyImage } from '../../../test-fixtures/engines/copy-image.ts';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { type OwnEngine, startOwnEngine } from '../../../test-fixtures/own-engine.ts';
import { runKeepset } from './run-keepset.ts';

const folder = mkdtempSync(join(tmpdir(), 'test-full-engine-'));
let own: OwnEngine;
let base: string;

beforeAll(async () => {
  await using standard = await connectTestEngine();
  base = await ensureBase(standard);
  const { sizeBytes = 0 } = (await standard.inspectImage(base)) ?? {};
  // To load an image takes as much again.
  own = await startOwnEngine({ diskBytes: 4 * sizeBytes });
  await using engine = await own.connect();
  await copyImage(standard, engine, base);
  // There is room for the image, and not for another.
  await own.resizeDisk(Math.ceil(1.9 * sizeBytes));
});
afterAll(async () => {
  await own?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const fill = 'echo begun; head -c 1G /dev/zero >/big; rm /big; echo "$(cat /etc/debian_version)"';

it.each<[string, readonly string[], number, RegExp]>([
  ['the result has no room', ['flatten', '-t', 'none'], 1, /no space left on device/i],
  [
    'the command fills the disk, and its trace with it',
    ['shrink', '-t', 'none'],
    1,
    /no space left|could not write its trace|was cut off|ends early/i,
  ],
])('%s: that is said, and nothing is left', async (_what, args, status, message) => {
  const command = args[0] === 'shrink' ? ['sh', '-c', fill] : [];
  const environment = { DOCKER_HOST: own.address, DOCKER_CONTEXT: '', TMPDIR: folder };
  const outcome = await runKeepset(folder, [...args, base, ...command], environment);
  expect(outcome).toMatchObject({ status, stderr: expect.stringMatching(message) });
  expect(outcome.stderr).not.toMatch(/unexpected|bug in keepset/);
  expect(await allContainers(own.address)).toEqual([]);
  expect(await unnamedImages(own.address)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  await using engine = await own.connect();
  expect(await engine.inspectImage('none')).toBeUndefined();
  // What room there was is there again.
  const again = await runKeepset(
    folder,
    ['shrink', '-q', '-t', 'small', base, 'cat', '/etc/debian_version'],
    environment,
  );
  expect(again).toMatchObject({ status: 0 });
  await engine.removeImage('small');
});
