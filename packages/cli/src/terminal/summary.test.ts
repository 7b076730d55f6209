import type { ShrinkResult } from '@keepset/shrinker';
import { expect, it } from 'vitest';
import { toJson, toText } from './summary.js';

const id = `sha256:${'1'.repeat(64)}`;
const result = {
  id,
  sourceBytes: 2_260_000_000,
  resultBytes: 170_400_000,
  keptEntries: 1234,
  generatedEntries: 12,
  sourceEntries: 65_213,
  exitStatus: 0,
  runSeconds: 1.5,
  verified: true,
  signs: [{ kind: 'very-small', message: 'only a bit is kept', cure: 'see to it' }],
  listed: 'drop',
  heldOut: [],
  repairs: [],
  verification: {
    level: 'verified',
    runs: { source: 1, result: 1 },
    reference: 'untraced',
    lines: { exactly: 12, byMask: 0, notAtAll: 0 },
    files: { exactly: 2, byMask: 0, notAtAll: 0 },
    masked: [],
    notCompared: [],
  },
  packageNames: new Set(['libc6', 'openssl']),
  stages: [
    { stage: 'inspect', seconds: 1 },
    { stage: 'trace', seconds: 2 },
  ],
  keepList: '/\n',
  manifest: {
    source: { reference: 'r:1', id, sizeBytes: 2_260_000_000 },
    result: { reference: 'o', id, layerDigest: id, sizeBytes: 170_400_000 },
    runs: [{ name: 'main', command: ['Rscript', 'a b.R'], exitStatus: 0 }],
    plan: { warnings: [{ kind: 'setuid', path: '/s\xff', mode: 0o4755, runs: [] }], listed: ['/etc'] },
  },
} as unknown as ShrinkResult;
const command = {
  tags: ['o'],
  command: ['Rscript', 'a b.R'],
  runs: [],
  from: undefined,
  runArguments: ['--env', 'A=x y'],
  outputs: [],
  manifestFile: undefined,
  reportFile: undefined,
  remainder: undefined,
  metadata: 'used',
  sbom: false,
};
const LOOK = { columns: 80, colored: false };

const owned = (name: string, sizes: Readonly<Record<string, number>>, kept: readonly string[]) => ({
  name,
  files: Object.entries(sizes).map(([path, sizeBytes]) => ({ path, sizeBytes, isKept: kept.includes(path) })),
});

/** The same, with packages. */
function withPackages(...packages: readonly ReturnType<typeof owned>[]): ShrinkResult {
  const files = packages.flatMap((each, owner) => each.files.map((file) => ({ ...file, owner })));
  const entries = files.map(({ path, sizeBytes }, index) => ({
    path,
    type: 'file' as const,
    mode: 0o644,
    uid: 0,
    gid: 0,
    sizeBytes,
    mtimeSeconds: 0,
    inode: `1:${index}`,
    linkCount: 1,
  }));
  const manifest = {
    ...result.manifest,
    plan: {
      ...result.manifest.plan,
      kept: new Map(files.flatMap(({ path, isKept }) => (isKept ? [[path, { path, reasons: [] }]] : []))),
    },
    tree: new Map(entries.map((entry) => [entry.path, entry])),
    inventory: {
      packages: packages.map(({ name }) => ({ name, purl: `pkg:deb/${name}` })),
      owners: new Map(files.map(({ path, owner }) => [path, [owner]])),
    },
  };
  return { ...result, manifest } as unknown as ShrinkResult;
}

it('says what became of the image, and how to run it', () => {
  expect(toText(result, command, LOOK).split('\n')).toEqual([
    'keepset: warning: only a bit is kept; see to it',
    'keepset: warning: kept programs that change rights (setuid, setgid) (1): /s\\377',
    'keepset: listed directories, which may show fewer entries in the result (1): /etc; see --listed',
    `size      2.26 GB → 170.4 MB (7.5 %)  ██${'░'.repeat(28)}`,
    'entries   65,213 → 1,234, and 12 for scanners',
    'verified  yes: the same exit status and output, and the 2 files that it wrote',
    "run it    docker run --rm --env 'A=x y' o Rscript 'a b.R'",
    '',
  ]);
});

it('says how to run the first of several runs', () => {
  const runs = [
    { name: 'a', command: ['b c'] },
    { name: 'd', command: ['e'] },
  ];
  const text = toText(result, { ...command, command: [], runs }, LOOK);
  expect(text).toMatch(/^run it {4}docker run --rm --env 'A=x y' o 'b c'$/m);
});

it('says where it went, when it has no name', () => {
  const output = {
    type: 'oci',
    destination: 'a.tar',
    compression: 'none',
    asFolder: false,
  } as const;
  const text = toText(result, { ...command, tags: [], outputs: [output] }, LOOK);
  expect(text).toMatch(/^written {3}a\.tar \(oci\)$/m);
  expect(text).not.toContain('run it');
});

it('says that it was not verified', () => {
  const verification = { ...result.verification, level: 'not verified' } as const;
  expect(toText({ ...result, verified: false, verification }, command, LOOK)).toMatch(/^verified {2}no$/m);
});

it('never calls verified what was not compared, and names it', () => {
  const verification = {
    ...result.verification,
    level: 'verified in part',
    notCompared: [{ run: 'main', where: { path: '/out\xff' }, reason: 'varies-throughout' }],
  } as const;
  const text = toText({ ...result, verified: false, verification }, command, LOOK);
  expect(text).toMatch(
    /^verified {2}in part: the same exit status and output, and the 2 files that it wrote$/m,
  );
  expect(text).toMatch(/^unknown {3}\/out\\377 \(its bytes are others each time\): not compared$/m);
  expect(toJson({ ...result, verified: false, verification }, command)).toMatchObject({
    verified: false,
    verdict: 'verified in part',
    notCompared: [{ run: 'main', where: { path: '/out\\377' }, reason: 'varies-throughout' }],
  });
});

it('says what was repaired, and what varies by itself', () => {
  const text = toText(
    {
      ...result,
      listed: 'stub',
      repairs: [
        { round: 1, run: 'main', path: '/a\xff', reasons: [], because: 'exit status 1 instead of 0' },
      ],
      heldOut: [
        { name: 'good', command: [], differences: [], missing: [] },
        {
          name: 'bad',
          command: [],
          differences: [{ kind: 'exit-status', source: 0, result: 1 }],
          missing: [{ path: '/x', packages: ['deb:x'] }],
        },
      ],
      verification: {
        ...result.verification,
        files: { exactly: 0, byMask: 0, notAtAll: 0 },
        masked: [
          { run: 'main', where: 'stdout', variation: 'words' },
          { run: 'main', where: { path: '/b\xff' }, variation: 'content' },
          { run: 'main', where: 'file-names', variation: 'words', examples: ['/tmp/a', '/tmp/b'] },
        ],
      },
    },
    command,
    LOOK,
  );
  expect(text).toMatch(
    /^keepset: repaired: 1 path was added, since without it exit status 1 instead of 0: \/a\\377$/m,
  );
  expect(text).not.toContain('listed directories');
  expect(text).toContain(
    "keepset: warning: check 'bad': exit status 1 instead of 0\nkeepset: warning:   lacks /x (deb:x)\n",
  );
  expect(text).toMatch(/^checked {3}1 of 2 held-out runs do the same: good$/m);
  expect(text).toMatch(/^verified {2}yes: the same exit status and output$/m);
  expect(text).toMatch(
    /^varies {4}standard output \(numbers and names\), \/b\\377, names of files: the rest of it is the same$/m,
  );
});

it('as JSON says the same, with paths escaped', () => {
  expect(toJson(result, command)).toEqual({
    id,
    tags: ['o'],
    source: { reference: 'r:1', id, sizeBytes: 2_260_000_000, entries: 65_213 },
    result: { sizeBytes: 170_400_000, entries: 1234, generatedEntries: 12, layerDigest: id },
    share: 170_400_000 / 2_260_000_000,
    run: { command: ['Rscript', 'a b.R'], exitStatus: 0, seconds: 1.5 },
    verified: true,
    verdict: 'verified',
    comparedFiles: 2,
    runs: { source: 1, result: 1 },
    reference: 'untraced',
    lines: { exactly: 12, byMask: 0, notAtAll: 0 },
    files: { exactly: 2, byMask: 0, notAtAll: 0 },
    masked: [],
    notCompared: [],
    repairs: [],
    signs: [{ kind: 'very-small', message: 'only a bit is kept', cure: 'see to it' }],
    checks: [],
    warnings: [{ kind: 'setuid', path: '/s\\377', mode: 0o4755, runs: [] }],
    listedDirectories: 1,
    outputs: [],
    next: ["docker run --rm --env 'A=x y' o Rscript 'a b.R'"],
    stages: { inspect: 1, trace: 2 },
  });
});

it('as JSON has no run where there was none', () => {
  const manifest = { ...result.manifest, runs: [] };
  expect(toJson({ ...result, manifest }, command)).not.toHaveProperty('run');
});

it.each([
  [120, 30],
  [60, 22],
  [50, 12],
  [45, 0],
])('in %d columns the bar has %d', (columns, length) => {
  const [line] = toText(result, command, { columns, colored: false }).match(/^size.*$/m) ?? [''];
  expect(line.match(/[█░]/g) ?? []).toHaveLength(length);
  expect(line.length).toBeLessThanOrEqual(columns);
});

it('is coloured only where it is wanted', () => {
  const colored = toText(result, command, { ...LOOK, colored: true });
  expect(colored).toContain('\u001b[32m██');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what colours are
  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(toText(result, command, LOOK));
});

it('names the five largest packages, in as many lines as they need; as JSON, the same', () => {
  const packages = withPackages(
    owned('libc6', { '/libc.so': 2e6, '/locale': 1e6 }, ['/libc.so']),
    owned('r-base-core', { '/R': 40e6 }, ['/R']),
    owned('pandoc', { '/pandoc': 170e6 }, []),
    ...['one', 'two', 'three', 'four'].map((name, index) =>
      owned(name, { [`/${name}`]: (index + 2) * 1e6 }, []),
    ),
  );
  const lines = (columns: number) => toText(packages, command, { columns, colored: false });
  expect(lines(120)).toContain(`kept      r-base-core 40.0 MB, libc6 2.0 MB
removed   pandoc 170.0 MB, four 5.0 MB, three 4.0 MB, two 3.0 MB, one 2.0 MB
`);
  expect(lines(45)).toContain(`
removed   pandoc 170.0 MB, four 5.0 MB,
          three 4.0 MB, two 3.0 MB,
          one 2.0 MB
`);
  expect(toJson(packages, command)).toMatchObject({
    largestPackages: {
      kept: [
        { name: 'r-base-core', purl: 'pkg:deb/r-base-core', files: 1, sizeBytes: 40e6 },
        { name: 'libc6', files: 1, sizeBytes: 2e6 },
      ],
      removed: ['pandoc', 'four', 'three', 'two', 'one'].map((name) => ({ name })),
    },
  });
});

it('tells what to look at, and where the page is', () => {
  const withManifest = { ...command, manifestFile: 'a b.json' };
  expect(toText(result, withManifest, LOOK)).toMatch(/^look {6}keepset report -o report\.html 'a b\.json'$/m);
  const withReport = toText(result, { ...withManifest, reportFile: 'r.html' }, LOOK);
  expect(withReport).toMatch(/^written {3}r\.html \(report\)$/m);
  expect(withReport).not.toMatch(/^look/m);
});
