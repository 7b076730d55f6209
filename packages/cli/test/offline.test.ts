import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runKeepset } from './run-keepset.ts';

/** Writes the addresses of all modules that are loaded to a file, one a line. */
const RECORD_LOADS = `
  import { appendFileSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  registerHooks({
    load(url, context, nextLoad) {
      appendFileSync(process.env.TEST_LOADED_FILE, url + '\\n');
      return nextLoad(url, context);
    },
  });`;

/** Of the client of an engine: our wall around it, in which all that is behind it is bundled. */
const ENGINE_CLIENT = /\/docker-engine\//;

const PROGRAM = new URL('../dist/keepset.js', import.meta.url).pathname;

const folder = mkdtempSync(join(tmpdir(), 'test-offline-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
  const file = { type: 'file', mode: 0o644, uid: 0, gid: 0, mtimeSeconds: 0, sizeBytes: 1, owners: [0] };
  const reason = { run: 'main', action: 'open', call: 'openat', line: 1, count: 1, program: 0 };
  const manifest = {
    manifestVersion: 1,
    source: { reference: 'source:1', id: digest('1'), sizeBytes: 2, config: {} },
    result: { reference: 'result:1', id: digest('2'), layerDigest: digest('3'), sizeBytes: 1 },
    platform: { os: 'linux', architecture: 'amd64' },
    runs: [{ name: 'main', command: ['cat', '/a'], exitStatus: 0 }],
    programs: [{ path: '/bin/cat', argv: ['cat', '/a'] }],
    kept: [{ path: '/a', ...file, reasons: [reason] }],
    removed: [{ path: '/b', ...file }],
    packages: [
      {
        ecosystem: 'deb',
        name: 'asked',
        version: '1',
        licenses: [],
        purl: 'pkg:deb/debian/asked@1',
        database: '/var/lib/dpkg/status',
      },
    ],
    system: { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12' },
    unowned: { files: 0, sizeBytes: 0 },
    inventoryWarnings: [],
  };
  writeFileSync(join(folder, 'm.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'keep.txt'), '/a\n');
  const match = { vulnerability: { id: 'CVE-1-1' }, artifact: { purl: 'pkg:deb/debian/gone@1' } };
  writeFileSync(join(folder, 'grype.json'), JSON.stringify({ matches: [match] }));
});

async function loadedBy(
  args: readonly string[],
): Promise<{ status: number; stderr: string; loaded: string[] }> {
  const file = join(folder, 'loaded');
  writeFileSync(file, '');
  const { status, stderr } = await runKeepset(folder, args, {
    DOCKER_HOST: 'unix:///no/such/socket',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(RECORD_LOADS)}`,
    TEST_LOADED_FILE: file,
  });
  return { status, stderr, loaded: readFileSync(file, 'utf8').split('\n').filter(Boolean) };
}

describe('without the client of an engine', () => {
  it.each([
    '--help',
    'shrink --help',
    'why --manifest m.json /a',
    'ls m.json',
    'diff m.json',
    'diff m.json keep.txt',
    'packages m.json',
    'affected --in m.json asked',
    'sbom m.json',
    'sbom --format spdx m.json',
    'cite m.json',
    'attest m.json',
    'report -o report.html m.json',
    'cost m.json',
  ])('%s', async (line) => {
    const { status, stderr, loaded } = await loadedBy(line.split(' '));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.filter((url) => ENGINE_CLIENT.test(url))).toEqual([]);
  });

  it('vex, of which nothing can be said here', async () => {
    const { status, stderr, loaded } = await loadedBy(['vex', '--from', 'grype.json', 'm.json']);
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/nothing can be said/),
    });
    expect(loaded.filter((url) => ENGINE_CLIENT.test(url))).toEqual([]);
  });

  it('an error of the command line', async () => {
    const { status, loaded } = await loadedBy(['shrink', '--no-such']);
    expect(status).toBe(2);
    expect(loaded.filter((url) => ENGINE_CLIENT.test(url))).toEqual([]);
  });
});

it('a command that asks an engine does load its client', async () => {
  const { status, loaded } = await loadedBy(['prune']);
  expect(status).toBe(1);
  expect(loaded.filter((url) => ENGINE_CLIENT.test(url))).not.toEqual([]);
});

it.each(['SIGINT', 'SIGTERM'] as const)('%s ends at once what leaves nothing behind', async (signal) => {
  // Nobody writes to it: it is read for ever.
  const pipe = join(folder, `pipe-${signal}`);
  execFileSync('mkfifo', [pipe]);
  const child = spawn(process.execPath, [PROGRAM, 'ls', pipe], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const writer = await open(pipe, 'w');
  child.kill(signal);
  expect(await ended).toEqual([null, signal]);
  await writer.close();
});
