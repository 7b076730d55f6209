import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toTree } from '@keepset/image-tree';
import type { Inventory } from '@keepset/inventory';
import type { KeptPath } from '@keepset/keep-planner';
import type { RealPath } from '@keepset/symlink-resolver';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, expect, it } from 'vitest';
import schema from '../../schema/manifest.schema.json' with { type: 'json' };
import { explain, explainFrom } from '../usage/explain.js';
import { usageOf } from '../usage/manifest-usage.js';
import type { Manifest } from './manifest.js';
import { readManifest } from './read-manifest.js';
import { writeManifest } from './write-manifest.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-manifest-'));
const file = join(folder, 'manifest.json');
afterAll(() => rmSync(folder, { recursive: true }));

/** Not UTF-8, and all that an escape has to deal with. */
const ODD = '/d\xff\n\\"';
const digest = `sha256:${'0'.repeat(64)}`;
const stream = { sha256: '0'.repeat(64), sizeBytes: 0 };
const program = { path: '/bin/cat' as never, argv: ['cat', ODD] };
const access = { kind: 'access', run: 'main', action: 'open', call: 'openat', line: 7, count: 2 } as const;

const tree = toTree(
  (
    [
      ['/', 'directory'],
      ['/bin', 'directory'],
      ['/bin/cat', 'file'],
      ['/bin/unused', 'file'],
      ['/link', 'symlink', 'bin/cat'],
      ['/gone', 'symlink', '/bin'],
      [ODD, 'file'],
    ] as const
  ).map(([path, type, linkTarget], index) => ({
    path: path as RealPath,
    type,
    mode: 0o755,
    uid: 0,
    gid: 0,
    sizeBytes: 10,
    mtimeSeconds: 0,
    // Two names of one file.
    inode: path === '/bin/unused' ? '1:2' : `1:${index}`,
    linkCount: path === '/bin/unused' || path === '/bin/cat' ? 2 : 1,
    ...(linkTarget !== undefined && { linkTarget }),
  })),
);

const kept: KeptPath[] = [
  { path: '/' as RealPath, reasons: [{ kind: 'rule', rule: 'skeleton' }] },
  { path: '/bin' as RealPath, reasons: [{ kind: 'rule', rule: 'parent', from: '/bin/cat' }] },
  {
    path: '/bin/cat' as RealPath,
    reasons: [{ ...access, action: 'execute', errno: 'EACCES', asked: '/link' }],
  },
  { path: ODD as RealPath, reasons: [{ ...access, program }], stub: true },
  {
    path: '/link' as RealPath,
    reasons: [
      { kind: 'rule', rule: 'link', from: '/bin/cat' },
      { ...access, program },
    ],
  },
];

const manifest: Manifest = {
  tool: { name: 'keepset', version: '1.2.3' },
  platform: { os: 'linux', architecture: 'amd64' },
  source: { reference: 'source', id: digest, repositoryDigests: [], sizeBytes: 70 },
  result: { reference: undefined, id: digest, layerDigest: digest, sizeBytes: 20 },
  runs: [
    {
      name: 'main',
      command: ['cat', 'x'],
      service: true,
      asked: {
        ready: [
          { kind: 'port', ports: [80] },
          { kind: 'http', method: 'GET', path: '/', port: 80, status: 204 },
          { kind: 'log', pattern: 'up' },
          { kind: 'healthy' },
          { kind: 'seconds', seconds: 0.5 },
        ],
        steps: [
          { kind: 'exec', command: ['ls'] },
          { kind: 'probe', command: 'true' },
          { kind: 'http', method: 'GET', path: '/a' },
        ],
        readySecondsMax: 1,
        stepSecondsMax: 2,
        graceSeconds: 3,
        healthCheck: false,
      },
      user: { uid: 0, gid: 0, supplementaryGids: [] },
      exitStatus: 0,
      stdout: stream,
      stderr: stream,
      traceLines: 9,
      processes: [
        { pid: 1, programs: [{ path: '/bin/cat', argv: ['cat', 'x'] }] },
        { pid: 2, parent: 1, programs: [] },
      ],
    },
    { name: 'plain', command: ['cat'], exitStatus: 0, stdout: stream, stderr: stream },
  ],
  verified: true,
  checks: [
    { name: 'other', command: ['cat', 'y'], same: false, missing: [ODD] },
    { name: 'same', command: ['cat'], same: true },
  ],
  repairs: [{ round: 1, run: 'main', path: ODD, reasons: [] }],
  hardening: {
    architecture: 'amd64',
    calls: [
      { name: 'clone', only: { without: 0x7e020000 }, reasons: [{ kind: 'runtime', runtimes: ['runc'] }] },
      {
        name: 'openat',
        reasons: [{ kind: 'run', run: 'main', program: '/bin/cat', call: 'openat', line: 7 }],
      },
      { name: 'socket', only: { oneOf: [1, 2] }, reasons: [{ kind: 'base', family: 'base' }] },
    ],
    absent: ['clone3'],
    capabilities: [{ name: 'CHOWN', reasons: [{ kind: 'repair', run: 'main' }] }],
    gaining: ['/bin/su'],
    writable: [
      { path: '/run', kind: 'tmpfs', mode: 0o755, executable: true, because: '/run/x' },
      { path: '/srv', kind: 'volume', because: '/srv/x' },
    ],
    rootWrites: ['/out'],
    network: { kind: 'network', listens: ['tcp/80'], connects: true },
    devices: ['/dev/fuse'],
    runs: ['main'],
    images: ['small:1'],
    engines: ['Docker 20.10.24'],
    isMerged: true,
    plainUser: false,
    used: {
      programs: ['/usr/sbin/app'],
      folders: ['/usr/sbin'],
      listed: ['/etc/app.d'],
      mounts: [{ path: '/data' }, { path: '/etc/app.conf', readOnly: true }],
    },
    seen: { processes: 2, files: 5 },
  },
  masked: [
    { run: 'main', where: 'exit-status', variation: 'content', examples: ['0', '1'] },
    { run: 'main', where: { path: ODD }, variation: 'words' },
  ],
  plan: {
    kept: new Map(kept.map((entry) => [entry.path, entry])),
    executed: ['/bin/cat' as RealPath],
    listed: ['/bin' as RealPath],
    warnings: [
      { kind: 'setuid', path: ODD, mode: 0o4755, runs: ['main'] },
      { kind: 'pattern-unmatched', option: 'keep', pattern: '/é' },
    ],
  },
  metadata: 'used',
  generated: [
    { path: '/lib', from: ODD, mode: 0o755, uid: 0, gid: 0, mtimeSeconds: 5 },
    { path: ODD, content: Buffer.from('x'), from: ODD, mode: 0o644, uid: 7, gid: 0, mtimeSeconds: 5 },
  ],
  tree,
  digests: new Map([['/bin/cat', '1'.repeat(64)]]),
  inventory: {
    system: { id: 'debian', versionId: '12' },
    packages: [
      {
        ecosystem: 'deb',
        name: 'coreutils',
        version: '9.1-1',
        architecture: 'amd64',
        sourcePackage: { name: 'coreutils', version: '9.1-1' },
        origin: 'somewhere',
        licenses: ['GPL-3+'],
        purl: 'pkg:deb/debian/coreutils@9.1-1?arch=amd64&distro=debian-12',
        database: ODD,
      },
    ],
    owners: new Map([
      ['/bin/cat', [0]],
      ['/bin/unused', [0]],
    ]),
    unowned: { files: 3, sizeBytes: 10 },
    warnings: [{ path: ODD, message: 'an entry without name' }],
  },
};

async function written(): Promise<Record<string, unknown>> {
  await writeManifest(manifest, file);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

it('is what its schema says', async () => {
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
  validate(await written());
  expect(validate.errors).toBeNull();
  // The schema is closed: a misspelt key would be found.
  expect(validate({ ...(await written()), kepd: [] })).toBe(false);
});

it('escapes paths, and only paths', async () => {
  const { kept, warnings } = (await written()) as { kept: { path: string }[]; warnings: object[] };
  expect(kept.map(({ path }) => path)).toContain('/d\\377\\n\\\\"');
  expect(warnings).toEqual([
    { kind: 'setuid', path: '/d\\377\\n\\\\"', mode: 0o4755, runs: ['main'] },
    { kind: 'pattern-unmatched', option: 'keep', pattern: '/é' },
  ]);
});

it('names each program once, and a stub has no bytes', async () => {
  const { programs, kept } = (await written()) as { programs: object[]; kept: Record<string, unknown>[] };
  expect(programs).toEqual([{ path: '/bin/cat', argv: ['cat', '/d\\377\\n\\\\"'] }]);
  expect(kept.find(({ stub }) => stub)).toMatchObject({
    sizeBytes: 0,
    sourceSizeBytes: 10,
    type: 'file',
  });
});

it('is the same text each time, one entry a line', async () => {
  await writeManifest(manifest, file);
  const text = readFileSync(file, 'utf8');
  await writeManifest(manifest, file);
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(text).toContain(
    '\n    {"path":"/bin/unused","type":"file","sizeBytes":10,"mode":493,"mtimeSeconds":0,"hardLinkTo":"/bin/cat","owners":[0]}',
  );
});

it.each([
  ['as it was written', (text: string) => text],
  ['on one line', (text: string) => JSON.stringify(JSON.parse(text))],
  ['laid out by another program', (text: string) => JSON.stringify(JSON.parse(text), undefined, 2)],
  ['with spaces after colons and commas', (text: string) => text.replace(/(?<=")([:,])(?=["[{\d])/g, '$1 ')],
])('is read %s', async (_how, layOut) => {
  await writeManifest(manifest, file);
  writeFileSync(file, layOut(readFileSync(file, 'utf8')));
  const stored = await readManifest(file);
  expect([...stored.entries.keys()].sort()).toEqual([...tree.entries()].map(({ path }) => path));
  expect(stored.entries.get('/bin/unused')).toEqual({
    type: 'file',
    sizeBytes: 10,
    isKept: false,
    isStub: false,
    mode: 0o755,
    uid: 0,
    gid: 0,
    mtimeSeconds: 0,
    hardLinkTo: '/bin/cat',
    owners: [0],
  });
  expect(stored.entries.get(ODD)).toMatchObject({ isKept: true, isStub: true, sourceSizeBytes: 10 });
  expect(stored.keptPaths).toEqual(kept.map(({ path, stub }) => ({ path, ...(stub && { stub }) })));
  expect(stored.kept.get('/link')?.reasons).toEqual(kept.at(-1)?.reasons);
  expect(stored.checks).toEqual(manifest.checks);
  expect(stored.repairs).toEqual([{ round: 1, run: 'main', path: ODD }]);
  expect(stored.masked).toEqual(manifest.masked);
  expect([...stored.generated]).toEqual([
    ['/lib', { type: 'directory', sizeBytes: 0, mode: 0o755, mtimeSeconds: 5, from: ODD }],
    [
      ODD,
      {
        type: 'file',
        sizeBytes: 1,
        mode: 0o644,
        uid: 7,
        mtimeSeconds: 5,
        sha256: createHash('sha256').update('x').digest('hex'),
        from: ODD,
      },
    ],
  ]);
  expect(stored).toMatchObject({
    verified: true,
    metadata: 'used',
    listed: ['/bin'],
    warnings: manifest.plan.warnings,
    source: { sizeBytes: 70 },
  });
});

it.each([
  [
    '/bin',
    [
      '/bin is kept',
      '  a directory on the way to /bin/cat',
      '    run "main": execute as /link (openat, line 7, EACCES, 2 times)',
    ],
  ],
  [
    ODD,
    [
      '/d\\377\\n\\\\" is generated: the source has another',
      '  package metadata, for scanners: made from /d\\377\\n\\\\" of what is left',
    ],
  ],
  [
    '/gone/cat',
    [
      '/gone/cat leads to /bin/cat',
      '/bin/cat is kept',
      '  run "main": execute as /link (openat, line 7, EACCES, 2 times)',
      '  belongs to coreutils 9.1-1 (deb)',
    ],
  ],
  [
    '/bin/../bin/unused',
    [
      '/bin/../bin/unused leads to /bin/unused',
      '/bin/unused is removed: no run and no rule needs it',
      '  belongs to coreutils 9.1-1 (deb)',
    ],
  ],
  ['/never', ['/never is not in the source image']],
])('read back, it explains %j', async (path, lines) => {
  await writeManifest(manifest, file);
  expect(await explain(path, await readManifest(file))).toEqual(lines);
});

it.each([
  ['not there', undefined],
  ['no JSON', '{'],
  ['of another version', '{"manifestVersion":0}'],
  ['something else', 'null'],
])('a file that is %s is refused', async (_what, text) => {
  const other = join(folder, 'other.json');
  rmSync(other, { force: true });
  if (text !== undefined) writeFileSync(other, text);
  await expect(readManifest(other)).rejects.toMatchObject({ code: 'MANIFEST_INVALID' });
});

it('tells whose the files are, and what of a package was used', async () => {
  await writeManifest(manifest, file);
  const stored = await readManifest(file);
  const { owners, ...inventory } = manifest.inventory as Inventory;
  expect(stored.inventory).toEqual(inventory);
  for (const [path, indexes] of owners) expect(stored.entries.get(path)?.owners).toEqual(indexes);
  const { packages, unowned } = usageOf(stored);
  // Its execution failed, so that it was only seen to be there.
  expect(packages).toMatchObject([
    {
      package: { name: 'coreutils' },
      installed: { files: 2, sizeBytes: 20 },
      kept: { files: 1, sizeBytes: 10 },
      used: { files: 0, sizeBytes: 0 },
      byKind: { seen: 1 },
    },
  ]);
  expect(unowned).toMatchObject({ used: { files: 1 }, byRun: [{ run: 'main', files: 1 }] });
});

it('reads manifests of before there was an inventory', async () => {
  const { inventory: _, ...older } = manifest;
  await writeManifest(older, file);
  const validate = new Ajv2020({ strict: true }).compile(schema);
  expect(validate(JSON.parse(readFileSync(file, 'utf8')))).toBe(true);
  const stored = await readManifest(file);
  expect(await explain('/bin/unused', stored)).toEqual([
    '/bin/unused is removed: no run and no rule needs it',
  ]);
  expect(() => usageOf(stored)).toThrow(/older keepset/);
});

it('tells of one path the same, whether or not the whole manifest is read', async () => {
  await writeManifest(manifest, file);
  const stored = await readManifest(file);
  const paths = [...stored.entries.keys(), '/link', '/gone/cat', '/bin/../gone/cat', '/nowhere/x', '/'];
  for (const path of paths) expect(await explainFrom(path, file)).toEqual(await explain(path, stored));
});
