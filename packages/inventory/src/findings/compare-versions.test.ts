import { type Engine, runProgram } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../../test-fixtures/images.ts';
import type { Ecosystem } from '../installed-package.js';
import { compareVersions } from './compare-versions.js';

/** Each list is in ascending order; what is equal stands in one row. */
const ASCENDING: readonly [Ecosystem, readonly (readonly string[])[]][] = [
  [
    'deb',
    [
      ['1.0~~'],
      ['1.0~~a'],
      ['1.0~'],
      ['1.0~rc1-1'],
      ['1.0', '1.0-0', '0:1.0', '1.00'],
      ['1.0-1'],
      ['1.0-1+b1'],
      ['1.0-1.1'],
      ['1.0a'],
      ['1.0+dfsg-1'],
      ['1.0.1'],
      ['1.2.3-4-1'],
      ['1.10'],
      ['9999999999999999999999'],
      ['1:0.1'],
      ['2:0'],
    ],
  ],
  [
    'rpm',
    [
      ['xyz.4', 'xyz_4'],
      ['1.0~rc1~git123'],
      ['1.0~rc1'],
      ['1.0', '0:1.0', '1_0', '1.00'],
      ['1.0^'],
      ['1.0^git1'],
      ['1.0a'],
      ['1.0aa'],
      ['1.0.1'],
      ['2.0-1.fc40'],
      ['2.0-2.fc40'],
      ['2.0-10.fc40'],
      ['5.5p1'],
      ['5.5p10'],
      ['6.0'],
      ['6.0.rc1'],
      ['10xyz'],
      ['10.1xyz'],
      ['1:0.1'],
    ],
  ],
  [
    'apk',
    [
      ['0.1.0_alpha_pre2'],
      ['0.1.0_alpha'],
      ['0.1.0_alpha2'],
      ['0.1.0_beta'],
      ['0.1.0_rc3-r1'],
      ['0.1.0'],
      ['0.1.0-r1'],
      ['0.1.0-r10'],
      ['0.1.0_git20230717-r4'],
      ['0.1.0_p1'],
      ['0.1.0_p10'],
      ['1.001'],
      ['1.01'],
      ['1.1'],
      ['1.1b'],
      ['1.1.0'],
      ['1.7'],
      ['1.10'],
    ],
  ],
  [
    'pypi',
    [
      ['1.0.dev1'],
      ['1.0a1.dev1'],
      ['1.0a1'],
      ['1.0b2', '1.0.beta2'],
      ['1.0rc1', '1.0.0c1'],
      ['1.0', '1', '1.0.0', 'v1.0'],
      ['1.0+abc.5'],
      ['1.0.post1'],
      ['1.1'],
      ['1!0.5'],
    ],
  ],
  [
    'npm',
    [
      ['1.0.0-alpha'],
      ['1.0.0-alpha.1'],
      ['1.0.0-beta.11'],
      ['1.0.0-rc.1'],
      ['1.0.0', '1.0.0+build'],
      ['1.10.0'],
    ],
  ],
  ['r', [['0.9'], ['1.2'], ['1.2-3', '1.2.3'], ['1.2.3-1'], ['1.10'], ['3.4.1']]],
];

describe.each(ASCENDING)('%s', (ecosystem, rows) => {
  it('orders every pair as its rules say, both ways', () => {
    const wrong: string[] = [];
    for (const [at, row] of rows.entries())
      for (const [otherAt, otherRow] of rows.entries())
        for (const one of row)
          for (const other of otherRow) {
            const sign = Math.sign(compareVersions(ecosystem, one, other) ?? Number.NaN);
            if (sign !== Math.sign(at - otherAt)) wrong.push(`${one} ? ${other}: ${sign}`);
          }
    expect(wrong).toEqual([]);
  });
});

it.each<[Ecosystem, string, string]>([
  ['deb', 'abc', '1'],
  ['apk', '1.0_nonsense', '1'],
  ['apk', '1.0~1234', '1'],
  ['pypi', 'not a version', '1'],
  ['npm', 'latest', '1.0.0'],
  ['r', '1.a', '1'],
  ['conda', '1', '2'],
  ['java', '1', '2'],
])('%s: %s and %s cannot be compared', (ecosystem, one, other) => {
  expect(compareVersions(ecosystem, one, other)).toBeUndefined();
  expect(compareVersions(ecosystem, one, one)).toBe(0);
});

describe('beside dpkg itself', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connectTestEngine();
  });
  afterAll(async () => await engine?.[Symbol.asyncDispose]());

  it('says of every pair what dpkg --compare-versions says', async () => {
    const pieces = [
      '1',
      '1.0',
      '1.0~rc1',
      '1.0+b1',
      '1.0-1',
      '1.0-1~bpo',
      '2:1',
      '1.0a',
      '1.0.',
      '1.0-a',
      '1.0-+',
      '010',
      '1.0z-',
      '1.0.0-0',
    ];
    const versions = pieces.filter((version) => !version.endsWith('-'));
    const pairs = versions.flatMap((one) => versions.map((other) => [one, other] as const));
    const script =
      'while [ $# -gt 0 ]; do if dpkg --compare-versions "$1" lt "$2"; then echo -1; elif dpkg --compare-versions "$1" eq "$2"; then echo 0; else echo 1; fi; shift 2; done';
    await using container = await engine.createContainer(
      { Image: await ensureBase(engine), Entrypoint: ['sleep'], Cmd: ['infinity'] },
      'test',
    );
    await container.start();
    const command = ['sh', '-c', script, 'sh', ...pairs.flat()];
    const theirs = (await runProgram(container, { command })).toString().trim().split('\n');
    const ours = pairs.map(([one, other]) =>
      String(Math.sign(compareVersions('deb', one, other) ?? Number.NaN)),
    );
    expect(pairs.map((pair, index) => [...pair, ours[index]])).toEqual(
      pairs.map((pair, index) => [...pair, theirs[index]]),
    );
  });
});
