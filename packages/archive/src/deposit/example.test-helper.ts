import type { Deposit, DepositFile, DepositImage, DepositRun, ExpectedContent } from './deposit.js';
import { fileOf } from './deposit-texts.js';

/** All that any medium takes for something else. */
export const HOSTILE = `'"; $(touch /tmp/no) \`id\` <script>alert(1)</script> | * _a_ [l](u) \\ & # - : {x} %0a\n\u202eend`;

const at = (path: string, text: string): ExpectedContent & { readonly file: DepositFile } => {
  const file = fileOf([path, text]);
  return { sha256: file.sha256, sizeBytes: file.sizeBytes, at: path, file };
};

const stdout = at('expected/1-plot/stdout', 'done\n');
const stderr = at('expected/1-plot/stderr', '');
const plot = at('expected/1-plot/files/001-plot.pdf', '%PDF');
const input = at('inputs/1/a b.csv', '1,2\n');
const blob = at(`image/blobs/sha256/${'c'.repeat(64)}`, '{}');

const withoutFile = ({ sha256, sizeBytes, at }: ExpectedContent): ExpectedContent => ({
  sha256,
  sizeBytes,
  ...(at !== undefined && { at }),
});

const state = { type: 'file', mode: 0o644, uid: 0, gid: 0 };

const RUN: DepositRun = {
  name: 'plot',
  command: ['Rscript', 'document.R', 'a b'],
  options: { workdir: '/work', readOnly: true, tmpfs: ['/tmp'] },
  variables: ['LANG=C'],
  mounts: [
    {
      target: '/data',
      isReadOnly: true,
      at: 'inputs/1',
      files: [{ path: 'a b.csv', sha256: input.sha256, sizeBytes: input.sizeBytes }],
    },
  ],
  samples: [
    {
      exitStatus: 0,
      stdout: withoutFile(stdout),
      stderr: withoutFile(stderr),
      files: [{ path: '/work/plot.pdf', ...state, content: withoutFile(plot) }],
    },
  ],
};

/** Its run varies in its output and in one file. */
export const CHANCY_RUN: DepositRun = {
  ...RUN,
  name: 'chance',
  samples: [
    { ...(RUN.samples[0] as DepositRun['samples'][number]) },
    {
      ...(RUN.samples[0] as DepositRun['samples'][number]),
      stdout: { sha256: 'd'.repeat(64), sizeBytes: 4 },
      files: [{ path: '/work/plot.pdf', ...state, content: { sha256: 'e'.repeat(64), sizeBytes: 4 } }],
    },
  ],
};

const answer = (name: string, exitStatus: number) => ({
  name,
  exitStatus,
  stdout: withoutFile(stdout),
  stderr: withoutFile(stderr),
});

/** Asked by HTTP and by commands, of which the last comes after something that a shell cannot send. */
export const SERVICE_RUN: DepositRun = {
  ...RUN,
  name: 'web',
  mounts: [],
  variables: [],
  asked: {
    ready: [{ kind: 'log', pattern: '^up$' }],
    steps: [
      { kind: 'http', method: 'GET', path: '/' },
      { kind: 'exec', command: ['cat', HOSTILE] },
      { kind: 'http', method: 'POST', path: '/a', status: 201 },
      { kind: 'exec', command: ['ls'] },
    ],
    graceSeconds: 3,
  },
  notAsked: ['curl x'],
  samples: [
    {
      exitStatus: 0,
      stdout: withoutFile(stdout),
      stderr: withoutFile(stderr),
      steps: [
        answer('http GET /', 200),
        answer(`exec 'cat ${HOSTILE}'`, 0),
        answer('http POST /a=201', 201),
        answer("exec 'ls'", 0),
      ],
      files: [],
    },
  ],
};

export const IMAGE: DepositImage = {
  name: 'example/paper:small',
  id: `sha256:${'a'.repeat(64)}`,
  manifestDigest: `sha256:${'b'.repeat(64)}`,
  os: 'linux',
  architecture: 'amd64',
  sourceName: 'paper:1',
  sourceId: `sha256:${'f'.repeat(64)}`,
};

export const DEPOSIT: Deposit = {
  metadata: {
    title: 'Plots of everything',
    authors: [
      { givenNames: 'Josiah', familyNames: 'Carberry', orcid: '0000-0002-1825-0097', affiliation: 'Brown' },
      { name: 'The Plot Group' },
    ],
    license: 'CC-BY-4.0',
    keywords: ['plots', 'everything'],
    doi: '10.5281/zenodo.1234',
  },
  images: [IMAGE],
  runs: [RUN],
  software: [{ name: 'ggplot2', version: '3.4.1', purls: ['pkg:cran/ggplot2@3.4.1'] }],
  files: [stdout, stderr, plot, input, blob].map(({ file }) => file),
  created: '2024-05-06T07:08:09Z',
  toolVersion: '1.2.3',
};

export const HOSTILE_DEPOSIT: Deposit = {
  ...DEPOSIT,
  metadata: {
    title: HOSTILE,
    authors: [{ familyNames: HOSTILE, givenNames: HOSTILE, affiliation: HOSTILE }],
    description: HOSTILE,
    keywords: [HOSTILE],
    version: HOSTILE,
  },
  images: [{ ...IMAGE, name: HOSTILE, sourceName: HOSTILE }],
  runs: [
    { ...RUN, name: HOSTILE, command: ['printf', '%s\\n', HOSTILE], variables: [`A=${HOSTILE}`] },
    { ...CHANCY_RUN, name: 'other' },
    { ...RUN, name: 'asked', notReplayed: HOSTILE, samples: [] },
  ],
  software: [{ name: HOSTILE, version: HOSTILE, purls: [HOSTILE] }],
  toolVersion: HOSTILE,
};

/** Each of its images has a run; both have one layer, and one has software that the other has not. */
export const DEPOSIT_OF_TWO: Deposit = {
  ...DEPOSIT,
  images: [
    { ...IMAGE, layers: [`blobs/sha256/${'1'.repeat(64)}`] },
    {
      ...IMAGE,
      name: HOSTILE,
      id: `sha256:${'2'.repeat(64)}`,
      manifestDigest: `sha256:${'3'.repeat(64)}`,
      variables: ['A=two'],
      layers: [`blobs/sha256/${'1'.repeat(64)}`, `blobs/sha256/${'4'.repeat(64)}`],
    },
  ],
  runs: [
    { ...RUN, name: 'second', image: 1 },
    { ...CHANCY_RUN, image: 0 },
  ],
  software: [
    { name: 'both', purls: [], images: [0, 1] },
    { name: 'one', purls: [], images: [1] },
  ],
};
