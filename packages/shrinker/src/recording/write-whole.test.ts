import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeImageTrace } from './write-recording.js';
import { writeWhole } from './write-whole.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

it('a file is replaced at once, and is the owner’s alone', async () => {
  const file = join(folder, 'proof.json');
  await writeFile(file, 'old', { mode: 0o644 });
  await writeWhole(file, 'new');
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await lstat(file)).mode & 0o777).toBe(0o600);
});

it('a link where the part would be written is not followed', async () => {
  const [file, others] = [join(folder, 'recording.json'), join(folder, 'others')];
  await writeFile(others, 'theirs');
  await symlink(others, `${file}.partial`);
  await writeWhole(file, 'new');
  expect([await readFile(others, 'utf8'), await readFile(file, 'utf8')]).toEqual(['theirs', 'new']);
});

it('nor is a link in the place of the folder of traces', async () => {
  const [traces, others] = [join(folder, 'traces'), join(folder, 'elsewhere')];
  await mkdir(others);
  await symlink(others, traces);
  const source = { reference: 'a:1', id: 'sha256:1', architecture: 'amd64' };
  const written = writeImageTrace(join(traces, 'a.trace'), [], { version: '1', source, scratch: folder });
  await expect(written).rejects.toMatchObject({
    code: 'RECORDING_INVALID',
    message: `${traces} is no folder: nothing is written there`,
  });
  expect(await readdir(others)).toEqual([]);
});
