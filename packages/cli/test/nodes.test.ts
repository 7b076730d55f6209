import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import packageJson from '../package.json' with { type: 'json' };
import { runKeepset } from './run-keepset.ts';

/** For this machine. */
const nodeOf = (name: string) =>
  new URL(`../../../node_modules/${name}-linux-${process.arch}/bin/node`, import.meta.url).pathname;
const [OLDEST, NEWEST] = [nodeOf('node'), nodeOf('node-newest')];
const NAME = `keepset/test-nodes-${process.pid}`;

const folder = mkdtempSync(join(tmpdir(), 'test-nodes-'));
let engine: Engine;
let base: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
});
afterAll(async () => {
  await engine.removeImage(NAME);
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

it('the oldest is the one that the package names', () => {
  const stdout = execFileSync(OLDEST, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  const [major, minor] = stdout.split('.');
  expect(packageJson.engines.node).toBe(`>=${major}.${minor}`);
});

it('the newest is newer than that of the toolchain', () => {
  const stdout = execFileSync(NEWEST, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  expect(Number.parseInt(stdout, 10)).toBeGreaterThan(Number.parseInt(process.versions.node, 10));
});

describe.each([
  ['oldest', OLDEST],
  ['newest', NEWEST],
])('on the %s Node, keepset', (_, node) => {
  /** The built command, of which the oldest warns: it has JSON modules. */
  async function keepset(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await runKeepset(folder, args, { NODE_NO_WARNINGS: '1' }, node);
    expect(status, stderr).toBe(0);
    return stdout + stderr;
  }

  it('shrinks what varies, and tells of it', async () => {
    const command = ['sh', '-c', 'date +%N; cat /etc/debian_version; date +%N >/tmp/left'];
    const files = ['--manifest', 'manifest.json', '--report', 'report.html', '-o', 'type=oci,dest=oci.tar'];
    expect(await keepset('shrink', '-t', NAME, ...files, base, ...command)).toMatch(/^verified {2}yes/m);
    expect(await keepset('why', 'manifest.json', '/etc/debian_version')).toContain('cat');
    expect(await keepset('packages', 'manifest.json')).toContain('coreutils');
    expect(await keepset('sbom', 'manifest.json')).toContain('CycloneDX');
    expect(await keepset('affected', '--in', 'manifest.json', 'coreutils')).toContain('coreutils');
  });

  it('asks a service', async () => {
    const asked = ['--exec', 'cat /etc/debian_version', '--stop-timeout', '0'];
    expect(await keepset('shrink', '-t', NAME, ...asked, base, 'sleep', '60')).toMatch(/^verified {2}yes/m);
  });
});
