import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { explain, readManifest, usageOf, writeManifest } from '@keepset/manifest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { listPackages } from '../src/index.js';
import { runHere, shrinkHere } from './shrink-here.ts';

let engine: Engine;
let base: string;
const folder = mkdtempSync(join(tmpdir(), 'test-packages-'));

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** What dpkg says is a package's, as paths that are no folders. */
async function installedFiles(name: string): Promise<string[]> {
  const script = `dpkg -L ${name} | while read -r path; do [ -d "$path" ] && [ ! -L "$path" ] || readlink -m "$(dirname "$path")" | sed "s|\\$|/\${path##*/}|"; done`;
  return (await runHere(engine, base, ['sh', '-c', script])).output.trim().split('\n');
}

describe('packages', () => {
  it('that are kept whole are in the result whole, and the manifest tells of them', async () => {
    const { result } = await shrinkHere(engine, {
      image: base,
      command: ['cat', '/etc/debian_version'],
      inventory: true,
      keep: { keepPackages: ['deb:hostname', 'none'], roundUp: 'package' },
    });
    const { kept, warnings } = result.manifest.plan;
    const paths = new Set<string>(kept.keys());
    // base-files owns debian_version, coreutils the program.
    for (const name of ['hostname', 'base-files', 'coreutils']) {
      const files = (await installedFiles(name)).filter((path) => result.manifest.tree.has(path));
      expect(files.length).toBeGreaterThan(5);
      expect(files.filter((path) => !paths.has(path))).toEqual([]);
    }
    expect(paths.has('/usr/bin/perl')).toBe(false);
    expect(warnings).toContainEqual({ kind: 'pattern-unmatched', option: 'keep-package', pattern: 'none' });

    const file = join(folder, 'manifest.json');
    await writeManifest(result.manifest, file);
    const stored = await readManifest(file);
    const { packages } = usageOf(stored);
    const usage = (name: string) => packages.find((each) => each.package.name === name);
    expect(usage('coreutils')).toMatchObject({ used: { files: 1 }, byKind: { executed: 1 } });
    expect(usage('libc6')?.byKind.loaded).toBeGreaterThan(0);
    expect(usage('hostname')).toMatchObject({ used: { files: 0 }, kept: usage('hostname')?.installed });
    expect(usage('perl-base')).toMatchObject({ used: { files: 0 }, kept: { files: 0 } });
    const version = usage('perl-base')?.package.version;
    expect(await explain('/usr/bin/perl', stored)).toEqual([
      '/usr/bin/perl is removed: no run and no rule needs it',
      `  belongs to perl-base ${version} (deb)`,
    ]);
    expect((await explain('/bin/hostname', stored)).slice(-2)).toEqual([
      '  of the package that is kept whole: deb:hostname',
      `  belongs to hostname ${usage('hostname')?.package.version} (deb)`,
    ]);
    await engine.removeImage(result.id);
  });

  it('of an image are listed without a run', async () => {
    const { packages, warnings } = await listPackages(engine, base, { onEvent: () => {} });
    const script = `dpkg-query -W | tr '\\t' ' ' | sed 's/:[^ ]* / /'`;
    const { output } = await runHere(engine, base, ['sh', '-c', script]);
    expect(packages.map((each) => `${each.package.name} ${each.package.version}`).sort()).toEqual(
      output.trim().split('\n').sort(),
    );
    expect(warnings).toEqual([]);
  });
});
