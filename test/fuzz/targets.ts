import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { readProjectFile } from '../../packages/cli/src/inputs/project-file.ts';
import { COMMANDS } from '../../packages/cli/src/registry.ts';
import type { Console } from '../../packages/cli/src/terminal/console.ts';
import { readArchiveEntries } from '../../packages/docker-engine/src/containers/archive-entries.ts';
import { withoutDevices } from '../../packages/image-builder/src/layer/without-devices.ts';
import { openOciLayout } from '../../packages/image-source/src/sources/open-oci-layout.ts';
import { toBlobs, toLayout, writeFolder } from '../../packages/image-source/test/make-image.ts';
import { readListing } from '../../packages/image-tree/src/read-listing.ts';
import { formatKeepList, parseKeepList } from '../../packages/keep-planner/src/lists/keep-list.ts';
import { openTrace } from '../../packages/shrinker/src/trace-file/open-trace.ts';
import { restoreFiles, restoreWritten } from '../../packages/shrinker/src/trace-file/saved-run.ts';
import { readProgramAccesses } from '../../packages/tracer/src/launch/program-accesses.ts';
import { below, mutateBytes, mutateJson, pick, type Random } from './mutate.ts';

/** One reader, and how its inputs are made. */
export interface Target {
  readonly name: string;
  /** What it must understand. */
  readonly plain: Buffer;
  make(random: Random): Buffer;
  /** Read it, and all that is asked of what was read. @throws whatever; a fault is an error that is none of ours */
  read(bytes: Buffer): Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'test-fuzz-'));
const placeOf = (name: string) => join(folder, name);
export function removeFiles(): void {
  rmSync(folder, { recursive: true });
}

const sha256 = 'a'.repeat(64);
const digest = `sha256:${sha256}`;
const bytesOf = { sha256, sizeBytes: 1 };
const entry = { type: 'file', mode: 0o644, uid: 1, gid: 0, mtimeSeconds: 0, sizeBytes: 1, owners: [0] };
const MANIFEST = {
  manifestVersion: 1,
  tool: { name: 'keepset', version: '1' },
  platform: { os: 'linux', architecture: 'amd64' },
  source: { reference: 'source:1', id: digest, sizeBytes: 2, repositoryDigests: [`source@${digest}`] },
  result: { reference: 'result:1', id: digest, layerDigest: digest, sizeBytes: 1 },
  runs: [
    {
      name: 'main',
      command: ['cat', '/a'],
      exitStatus: 0,
      stdout: bytesOf,
      stderr: bytesOf,
      user: { uid: 0, gid: 0, supplementaryGids: [0] },
      traceLines: 3,
      processes: [{ pid: 1, programs: [{ path: '/bin/cat', argv: ['cat'] }] }],
      steps: [{ name: 'exec x', status: 0, stdout: bytesOf, stderr: bytesOf }],
    },
  ],
  verified: true,
  verification: {
    level: 'verified',
    runs: { source: 1, result: 1 },
    reference: 'untraced',
    lines: { exactly: 1, byMask: 0, notAtAll: 0 },
    files: { exactly: 0, byMask: 0, notAtAll: 0 },
    masked: [{ run: 'main', where: { path: '/a' }, variation: 'words' }],
    notCompared: [{ run: 'main', where: 'stdout', reason: 'no-form' }],
  },
  checks: [{ name: 'check', command: ['true'], same: false, missing: ['/b'] }],
  repairs: [{ round: 1, run: 'main', path: '/a', because: 'x' }],
  masked: [{ run: 'main', where: 'stdout', variation: 'words' }],
  metadata: 'used',
  generated: [{ path: '/c', type: 'file', sizeBytes: 1, mode: 420, mtimeSeconds: 0, sha256, from: '/d' }],
  warnings: [
    { kind: 'setuid', path: '/a', mode: 2541, runs: ['main'] },
    { kind: 'unplaced', count: 1 },
  ],
  listed: ['/'],
  programs: [{ path: '/bin/cat', argv: ['cat', '/a'] }],
  kept: [
    { path: '/', ...entry, type: 'directory', reasons: [{ rule: 'parent', from: '/a' }] },
    {
      path: '/a',
      ...entry,
      sha256,
      reasons: [{ run: 'main', action: 'open', call: 'openat', line: 1, count: 1, program: 0 }],
    },
  ],
  removed: [
    { path: '/b', ...entry, type: 'symlink', linkTarget: 'a' },
    { path: '/b2', ...entry, hardLinkTo: '/b' },
  ],
  system: { id: 'debian', versionId: '12', prettyName: 'Debian' },
  unowned: { files: 0, sizeBytes: 0 },
  inventoryWarnings: [{ path: '/x', message: 'cannot be read' }],
  packages: [
    {
      ecosystem: 'deb',
      name: 'asked',
      version: '1',
      licenses: ['MIT'],
      purl: 'pkg:deb/debian/asked@1',
      database: '/var/lib/dpkg/status',
      sourcePackage: { name: 'source' },
    },
  ],
};

const OSV = [
  {
    id: 'CVE-2024-1',
    aliases: ['GHSA-1'],
    upstream: ['CVE-2024-0'],
    affected: [
      {
        package: { ecosystem: 'Debian:12', name: 'asked' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2' }] }],
        versions: ['1'],
      },
    ],
  },
];
const GRYPE = {
  matches: [
    {
      vulnerability: { id: 'CVE-2024-1' },
      relatedVulnerabilities: [{ id: 'GHSA-1' }],
      artifact: { purl: 'pkg:deb/debian/asked@1' },
    },
  ],
};
const TRIVY = {
  SchemaVersion: 2,
  Results: [
    {
      Vulnerabilities: [
        {
          VulnerabilityID: 'CVE-2024-1',
          VendorIDs: ['x'],
          PkgIdentifier: { PURL: 'pkg:deb/debian/asked@1' },
        },
      ],
    },
  ],
};

const FACTS = {
  traceFileVersion: 1,
  tool: { name: 'keepset', version: '1' },
  source: { reference: 'debian:12', id: digest, architecture: 'amd64' },
  runs: [
    {
      name: 'main',
      command: ['true'],
      options: { network: 'none', volume: ['/a:/b'] },
      variables: ['TOKEN'],
      service: {
        ready: [{ kind: 'log', pattern: 'start' }],
        steps: [{ kind: 'http', method: 'GET', path: '/' }],
      },
      exitStatus: 0,
      seconds: 0.1,
      identity: { uid: 0, gid: 0, supplementaryGids: [0] },
      seccompFilter: true,
      hasStdin: true,
      execs: [{ command: ['true'], exitStatus: 0 }],
      stdout: bytesOf,
      stderr: bytesOf,
      steps: [{ name: 'http GET /', exitStatus: 200, stdout: bytesOf, stderr: bytesOf }],
      written: [{ path: '/tmp/x', isNew: true }],
      files: [{ path: '/tmp/x', type: 'file', mode: 420, uid: 0, gid: 0, ...bytesOf, linkTarget: '/a' }],
    },
  ],
};
const TRACE = `1 execve("/.keepset/loader", ["x"], 0x1 /* 1 var */) = 0
1 execve("/bin/sh", ["sh"], 0x1 /* 1 var */) = 0
1 openat(AT_FDCWD</>, "/a", O_RDONLY <unfinished ...>
2 chdir("/\\377") = 0
1 <... openat resumed>) = 3</a>
2 openat(AT_FDCWD</>, "b", O_RDONLY) = -1 ENOENT (No such file or directory)
1 +++ exited with 0 +++
`;

const TAR_FILES = [
  ...['a', 'b/c', `${'long/'.repeat(18)}d`].map((name) => ({ header: { name }, content: Buffer.from(name) })),
  { header: { name: 'disk', type: 'block-device' } },
  { header: { name: 'link', type: 'link', linkname: 'disk' } },
  { header: { name: 'soft', type: 'symlink', linkname: '/etc' } },
];
const KEEP_LIST = Buffer.from('# made\n/\n/etc\n/etc/passwd\trepaired\n/a\\377\\n\tstub\n');

function traceTar(facts: string, trace: Buffer): Buffer {
  const members = ['trace-0', 'trace-1', 'stdin', 'stdout', 'stderr'].map((name) => ({
    header: { name: `runs/0/${name}.gz` },
    content: name.startsWith('trace') ? trace : gzipSync('x'),
  }));
  return tarOf([{ header: { name: 'trace.json' }, content: Buffer.from(facts) }, ...members]);
}

const YAML = `image: debian:12
tag: [small, "smaller:1"]
runs:
  - name: one
    command: cat /etc/passwd
    env: { A: b, C: 1 }
    expect: { exitStatus: 0, stdout: "^a" }
  - name: two
    command: [cat, "/etc/group"]
    mounts: ["./a:/b:ro"]
services:
  - name: web
    ready: port=80
    http: ["/", "POST :80/a=201"]
    exec: "true"
    readyTimeout: 5
keep: ["/etc/**"]
drop: ["/usr/share/doc/**"]
`;

const LISTING = ['', 'etc', 'etc/passwd', 'bin', 'l\x80'].map(listed).join('');

/** A record in the form of `LISTING_FORMAT`. */
function listed(path: string, at: number): string {
  const [type, target] = path.includes('/') ? ['f', ''] : path === 'bin' ? ['l', 'usr/bin'] : ['d', ''];
  return [type, '755', '0', '0', '12', '1700000000.5', '1', String(at), '1', target, path, ''].join('\0');
}

const keepsetConsole: Console = {
  environment: {},
  workingDirectory: folder,
  columns: 80,
  errorIsTty: false,
  outIsTty: false,
  stdin: (async function* () {})(),
  signal: new AbortController().signal,
  writeOut: async () => {},
  writeError: () => {},
  writeOutBytes: async () => {},
  writeErrorBytes: async () => {},
};

async function command(...[name, ...args]: readonly string[]): Promise<void> {
  const found = COMMANDS.find(({ definition }) => definition.name === name);
  if (found === undefined) throw new Error(`no command ${name}`);
  await found.run(args, keepsetConsole);
}

/** All of them, whichever fails. @throws the first error that is not one of ours, else the first */
async function each(
  actions: readonly (() => Promise<unknown>)[],
  isOurs: (error: unknown) => boolean,
): Promise<void> {
  const errors: unknown[] = [];
  for (const action of actions) await action().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors.find((error) => !isOurs(error)) ?? errors[0];
}

const jsonOf = (values: readonly unknown[]) => (random: Random) => {
  const value = pick(random, values);
  if (random() < 0.3) return mutateBytes(random, Buffer.from(JSON.stringify(value)));
  let changed = value;
  for (let times = 1 + below(random, 2); times > 0; times--) changed = mutateJson(random, changed);
  return Buffer.from(JSON.stringify(changed));
};

/** One entry a line, as keepset writes it. */
function lineWise(manifest: object): Buffer {
  const text = JSON.stringify(manifest, (key, value) =>
    key === 'kept' || key === 'removed' ? undefined : value,
  );
  const { kept, removed } = manifest as { kept?: unknown; removed?: unknown };
  const lines = (list: unknown) =>
    Array.isArray(list) ? list.map((one) => `    ${JSON.stringify(one)}`).join(',\n') : '';
  return Buffer.from(
    `{\n  "kept": [\n${lines(kept)}\n  ],\n  "removed": [\n${lines(removed)}\n  ],\n${text.slice(1)}`,
  );
}

function unlessNothingToSay(error: unknown): void {
  if ((error as { code?: string }).code !== 'NOTHING_TO_SAY') throw error;
}

async function drain(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of chunks);
}

const pieces = (bytes: Buffer) =>
  (async function* () {
    for (let at = 0; at < bytes.length; at += 333) yield bytes.subarray(at, at + 333);
  })();

export function targets(isOurs: (error: unknown) => boolean): readonly Target[] {
  return [
    {
      name: 'manifest',
      plain: lineWise(MANIFEST),
      make(random) {
        if (random() < 0.5) return jsonOf([MANIFEST])(random);
        return random() < 0.5
          ? mutateBytes(random, lineWise(MANIFEST))
          : lineWise(Object(mutateJson(random, MANIFEST)) as object);
      },
      async read(bytes) {
        const file = placeOf('m.json');
        writeFileSync(file, bytes);
        await each(
          [
            () => command('ls', file),
            () => command('ls', '--by', 'process', file),
            () => command('ls', '--by', 'package', '--json', file),
            () => command('why', '--manifest', file, '/a'),
            () => command('why', '--manifest', file, '/b'),
            () => command('packages', file),
            () => command('diff', file),
            () => command('cost', '--by', 'package', file),
            () => command('affected', '--in', file, 'asked'),
            () => command('sbom', file),
            () => command('sbom', '--format', 'spdx', file),
            () => command('cite', file),
            () => command('cite', '--format', 'cff', file),
            () => command('attest', file),
            () => command('report', '-o', placeOf('report.html'), file),
          ],
          isOurs,
        );
      },
    },
    {
      name: 'trace file',
      plain: traceTar(JSON.stringify(FACTS), gzipSync(TRACE)),
      make(random) {
        const facts = random() < 0.6 ? JSON.stringify(mutateJson(random, FACTS)) : JSON.stringify(FACTS);
        const trace = gzipSync(random() < 0.5 ? mutateBytes(random, Buffer.from(TRACE)) : TRACE);
        const packed = random() < 0.1 ? mutateBytes(random, trace) : trace;
        const tar = traceTar(facts, packed);
        return random() < 0.2 ? mutateBytes(random, tar) : tar;
      },
      async read(bytes) {
        const file = placeOf('x.trace');
        const own = mkdtempSync(placeOf('trace-'));
        writeFileSync(file, bytes);
        try {
          for (const { logs, facts } of (await openTrace(file, own)).runs) {
            for (const read of [logs.readTrace, ...logs.execTraces.map((each) => each.read)])
              await drain(readProgramAccesses(read(), { workingDirectory: '/' }));
            restoreFiles(facts.files);
            restoreWritten(facts.written);
          }
        } finally {
          rmSync(own, { recursive: true });
        }
      },
    },
    {
      name: 'keep list',
      plain: KEEP_LIST,
      make: (random) => mutateBytes(random, KEEP_LIST),
      async read(bytes) {
        formatKeepList(parseKeepList(bytes.toString('utf8')));
        const file = placeOf('keep.txt');
        writeFileSync(file, bytes);
        writeFileSync(placeOf('whole.json'), JSON.stringify(MANIFEST));
        await command('diff', placeOf('whole.json'), file);
      },
    },
    {
      name: 'yaml',
      plain: Buffer.from(YAML),
      make: (random) => mutateBytes(random, Buffer.from(YAML)),
      async read(bytes) {
        const file = placeOf('keepset.yaml');
        writeFileSync(file, bytes);
        readProjectFile(file, { environment: {}, workingDirectory: folder });
      },
    },
    {
      name: 'OSV, grype, trivy',
      plain: Buffer.from(JSON.stringify(OSV)),
      make: jsonOf([OSV, GRYPE, TRIVY]),
      async read(bytes) {
        const file = placeOf('osv.json');
        writeFileSync(file, bytes);
        writeFileSync(placeOf('whole.json'), JSON.stringify(MANIFEST));
        await each(
          [
            () => command('affected', '--in', placeOf('whole.json'), '--osv', file, 'CVE-2024-1'),
            () => command('vex', '--from', file, placeOf('whole.json')).catch(unlessNothingToSay),
          ],
          isOurs,
        );
      },
    },
    {
      name: 'listing',
      plain: Buffer.from(LISTING, 'latin1'),
      make: (random) => mutateBytes(random, Buffer.from(LISTING, 'latin1')),
      read: async (bytes) => void (await readListing(pieces(bytes))),
    },
    {
      name: 'layer',
      plain: tarOf(TAR_FILES),
      make: (random) => mutateBytes(random, tarOf(TAR_FILES)),
      async read(bytes) {
        // Its digest is right: what follows it is to be read.
        const layout = await writeFolder(placeOf('layout'), toLayout([{ image: toBlobs([bytes]) }]));
        try {
          await using image = await openOciLayout(layout);
          const tree = await image.tree();
          for await (const { content } of image.entries(Array.from(tree.entries(), ({ path }) => path)))
            await drain(content());
        } finally {
          rmSync(layout, { recursive: true });
        }
      },
    },
    {
      name: 'tar',
      plain: tarOf(TAR_FILES),
      make(random) {
        return mutateBytes(random, tarOf(TAR_FILES));
      },
      async read(bytes) {
        await each(
          [
            () => drain(withoutDevices(pieces(bytes))),
            async () => {
              for await (const { content } of readArchiveEntries(Readable.from(pieces(bytes))))
                await drain(content);
            },
          ],
          () => true,
        );
      },
    },
  ];
}

/** @see tar(5), "POSIX ustar Archives" */
function tarOf(files: readonly { readonly header: object; readonly content?: Uint8Array }[]): Buffer {
  const types: Readonly<Record<string, string>> = { link: '1', symlink: '2', 'block-device': '4' };
  const blocks = files.flatMap(({ header: given, content = new Uint8Array() }) => {
    const {
      name,
      type = 'file',
      linkname = '',
    } = given as { name: string; type?: string; linkname?: string };
    const header = Buffer.alloc(512);
    header.write(name.slice(-100), 0, 'latin1');
    header.write(`0000644\0${'0000000\0'.repeat(2)}`, 100, 'latin1');
    header.write(
      `${content.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0        `,
      124,
      'latin1',
    );
    header.write(types[type] ?? '0', 156);
    header.write(linkname, 157, 'latin1');
    header.write('ustar\x0000', 257, 'latin1');
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
