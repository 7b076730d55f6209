import type { ShrinkResult } from '@keepset/shrinker';
import { expect, it } from 'vitest';
import { toJson, toText } from './summary.js';

const id = `sha256:${'1'.repeat(64)}`;
const result = {
  id,
  sourceBytes: 2_260_000_000,
  resultBytes: 170_400_000,
  keptFiles: 1234,
  sourceFiles: 65_213,
  exitStatus: 0,
  runSeconds: 1.5,
  verified: true,
  listed: 'drop',
  repairs: [],
  masked: [],
  comparedFiles: 2,
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
  runArguments: ['--env', 'A=x y'],
  outputs: [],
};

it('says what became of the image, and how to run it', () => {
  expect(toText(result, command).split('\n')).toEqual([
    'keepset: warning: kept programs that change rights (setuid, setgid) (1): /s\\377',
    'keepset: listed directories, which may show fewer entries in the result (1): /etc; see --listed',
    'size      2.26 GB → 170.4 MB (7.5 %)',
    'entries   65,213 → 1,234',
    'verified  yes: the same exit status and output, and 2 files written',
    "run it    docker run --rm --env 'A=x y' o Rscript 'a b.R'",
    '',
  ]);
});

it('says where it went, when it has no name', () => {
  const output = { type: 'oci', destination: 'a.tar', compression: 'none', asFolder: false } as const;
  const text = toText(result, { ...command, tags: [], outputs: [output] });
  expect(text).toMatch(/^written {3}a\.tar \(oci\)$/m);
  expect(text).not.toContain('run it');
});

it('says that it was not verified', () => {
  expect(toText({ ...result, verified: false }, command)).toMatch(/^verified {2}no$/m);
});

it('says what was repaired, and what varies by itself', () => {
  const text = toText(
    {
      ...result,
      listed: 'stub',
      comparedFiles: 0,
      repairs: [{ round: 1, path: '/a\xff', reasons: [] }],
      masked: [
        { where: 'stdout', variation: 'words' },
        { where: { path: '/b\xff' }, variation: 'content' },
        { where: 'file-names', variation: 'words', examples: ['/tmp/a', '/tmp/b'] },
      ],
    },
    command,
  );
  expect(text).toMatch(/^keepset: repaired: the result lacked 1 paths at first, .*: \/a\\377$/m);
  expect(text).not.toContain('listed directories');
  expect(text).toMatch(/^verified {2}yes: the same exit status and output$/m);
  expect(text).toMatch(
    /^varies {4}standard output \(numbers and names\), \/b\\377, names of files: not compared$/m,
  );
});

it('as JSON says the same, with paths escaped', () => {
  expect(toJson(result, ['o'])).toEqual({
    id,
    tags: ['o'],
    source: { reference: 'r:1', id, sizeBytes: 2_260_000_000, entries: 65_213 },
    result: { sizeBytes: 170_400_000, entries: 1234, layerDigest: id },
    share: 170_400_000 / 2_260_000_000,
    run: { command: ['Rscript', 'a b.R'], exitStatus: 0, seconds: 1.5 },
    verified: true,
    comparedFiles: 2,
    repairs: [],
    masked: [],
    warnings: [{ kind: 'setuid', path: '/s\\377', mode: 0o4755, runs: [] }],
    listedDirectories: 1,
    stages: { inspect: 1, trace: 2 },
  });
});

it('as JSON has no run where there was none', () => {
  const manifest = { ...result.manifest, runs: [] };
  expect(toJson({ ...result, manifest }, [])).not.toHaveProperty('run');
});
