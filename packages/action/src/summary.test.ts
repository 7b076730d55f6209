import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConditions } from './conditions.js';
import { readFacts } from './facts.js';
import { toSummary } from './summary.js';

const folder = mkdtempSync(join(tmpdir(), 'test-summary-'));
const [before, after] = [join(folder, 'before.json'), join(folder, 'after.json')];
const HOSTILE = '/etc/`x`|<img src=x>\\n';

/** As keepset writes it: of a source with files of 100 MB. */
function writeManifest(file: string, files: Readonly<Record<string, number>>): void {
  const sum = Object.values(files).reduce((one, other) => one + other, 0);
  const kept = Object.entries(files).map(([path, sizeBytes]) => ({
    path,
    type: 'file',
    sizeBytes,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtimeSeconds: 0,
    reasons: [{ kind: 'rule', rule: 'keep', from: '*' }],
  }));
  const manifest = {
    manifestVersion: 1,
    tool: { name: 'keepset', version: '1.0.0' },
    platform: { os: 'linux', architecture: 'amd64' },
    source: { reference: 'big', id: 'sha256:1', sizeBytes: 100e6 },
    result: {
      reference: 'small',
      id: 'sha256:2',
      sizeBytes: sum,
      repositoryDigests: ['registry.example/small@sha256:3'],
    },
    runs: [],
    verified: true,
    kept,
    removed: [],
    warnings: [],
    listed: [],
    programs: [],
  };
  writeFileSync(file, JSON.stringify(manifest));
}

beforeAll(() => {
  writeManifest(before, { '/bin/cat': 4e6, '/etc/old': 1e6 });
  writeManifest(after, { '/bin/cat': 4e6, [HOSTILE]: 2e6 });
});
afterAll(() => rmSync(folder, { recursive: true }));

it('tells what a run made, and what changed since the last one', async () => {
  const { facts, changes } = await readFacts(after, before);
  const failed = parseConditions('growth > 10%').filter(({ holds }) => holds(facts, changes));
  expect(
    toSummary({ kind: 'made', facts, changes, notCompared: undefined, failed }, 'big'),
  ).toBe(`### keepset: big

|  | source | result |  |
| --- | ---: | ---: | ---: |
| size | 100.0 MB | 6.0 MB | 6.0 % |
| entries | 2 | 2 |  |
| name | big | small | verified |

ID sha256&#58;2, digest sha256&#58;3

**Failed**

- fail-if: growth &#62; 10&#37;

**Since the last run**: +1.0 MB (+20.0 %); 1 paths added, 1 removed, 0 changed

<details><summary>Paths</summary>

| path | change | size |
| --- | --- | --- |
| /etc/&#96;x&#96;&#124;&#60;img src&#61;x&#62;&#92;u000a | added | +2.0 MB |
| /etc/old | removed | −1.0 MB |

</details>
`);
});

it('says that there is nothing to compare with', async () => {
  const { facts, changes } = await readFacts(after, undefined);
  const outcome = { kind: 'made', facts, changes, notCompared: undefined, failed: [] } as const;
  expect(toSummary(outcome, 'big')).toMatch(/\n\nNo earlier run to compare with.\n$/);
});

it('says why there is no image', () => {
  const lines = ['keepset: line 2 of <output> differs'];
  expect(toSummary({ kind: 'failed', exitStatus: 3, lines }, undefined)).toBe(`### keepset: keepset.yaml

Refused: the result does not behave like the source.

> keepset&#58; line 2 of &#60;output&#62; differs${'  '}
`);
});
