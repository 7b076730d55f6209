import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readManifest } from '../record/read-manifest.js';
import { toStatement } from './attest.js';
import { toProvenance } from './provenance.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-attest-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [SOURCE, RESULT, REGISTRY, SUM] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(64));

async function statementOf(
  result: object,
  more: object = {},
  write = toStatement,
): Promise<ReturnType<typeof JSON.parse>> {
  const reason = (run: string, action: string, call: string) => ({ run, action, call, line: 1, count: 1 });
  const file = (path: string, reasons: object[], facts: object = {}) => ({
    path,
    type: 'file',
    sizeBytes: 1,
    reasons,
    ...facts,
  });
  const text = {
    manifestVersion: 1,
    source: { id: `sha256:${SOURCE}`, reference: 'r-base:4' },
    result: { id: `sha256:${RESULT}`, ...result },
    runs: [
      {
        name: 'main',
        command: ['sh', '-c', 'plot'],
        processes: [
          { pid: 1, programs: [{ path: '/bin/sh', argv: ['sh'] }] },
          { pid: 2, parent: 1, programs: [] },
        ],
      },
      { name: 'other', command: ['ls'] },
    ],
    programs: [],
    kept: [
      file('/usr/lib/odd\\377 \\n.so', [reason('other', 'open', 'openat'), reason('main', 'open', 'openat')]),
      file('/bin/sh', [reason('main', 'execute', 'execve'), reason('main', 'open', 'openat')], {
        sha256: SUM,
      }),
      file('/etc/seen', [reason('main', 'stat', 'stat')], { sha256: SUM }),
      file('/etc/rule', [{ rule: 'keep', from: '/etc' }]),
      { path: '/etc', type: 'directory', sizeBytes: 0, reasons: [reason('main', 'open', 'openat')] },
    ],
    removed: [{ path: '/gone', type: 'file', sizeBytes: 1 }],
    ...more,
  };
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify(text));
  return JSON.parse(write(await readManifest(path), '1.2.3'));
}

it('tells of the processes, and of the files that were used, sorted, each with a digest or a place', async () => {
  expect(await statementOf({ reference: 'small:1' })).toEqual({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'small:1', digest: { sha256: RESULT } }],
    predicateType: 'https://in-toto.io/attestation/runtime-trace/v0.1',
    predicate: {
      monitor: { type: 'pkg:npm/keepset@1.2.3' },
      monitoredProcess: {
        hostID: `pkg:oci/r-base@sha256:${SOURCE}`,
        type: 'pkg:npm/keepset@1.2.3#shrink',
        event: 'main: ["sh","-c","plot"]\nother: ["ls"]',
      },
      monitorLog: {
        process: [
          { run: 'main', pid: 1, programs: [{ path: '/bin/sh', argv: ['sh'] }] },
          { run: 'main', pid: 2, parent: 1, programs: [] },
        ],
        fileAccess: [
          {
            name: '/bin/sh',
            digest: { sha256: SUM },
            annotations: { runs: ['main'], uses: ['executed', 'read'] },
          },
          {
            name: '/usr/lib/odd\\377 \\n.so',
            uri: 'file:///usr/lib/odd%FF%20%0A.so',
            annotations: { runs: ['main', 'other'], uses: ['loaded'] },
          },
        ],
      },
    },
  });
});

it.each([
  ['a registry', { repositoryDigests: [`r.example/small@sha256:${REGISTRY}`] }, 'r.example/small', REGISTRY],
  ['an OCI image', { reference: 'small:1', manifestDigest: `sha256:${REGISTRY}` }, 'small:1', REGISTRY],
  ['an engine', {}, `sha256:${RESULT}`, RESULT],
])('names the result as %s does', async (_, result, name, sha256) => {
  expect((await statementOf(result)).subject).toEqual([{ name, digest: { sha256 } }]);
});

it('says what was compared, and what was not', async () => {
  const notCompared = [{ run: 'main', where: { path: '/tmp/odd\\377' }, reason: 'varies-throughout' }];
  const verification = {
    level: 'verified in part',
    runs: { source: 2, result: 1 },
    reference: 'untraced',
    lines: { exactly: 3, byMask: 1, notAtAll: 0 },
    files: { exactly: 0, byMask: 0, notAtAll: 1 },
    masked: [],
    notCompared,
  };
  const { predicate } = await statementOf({ reference: 'small:1' }, { verification });
  expect(predicate.verification).toEqual(verification);
});

it('tells how the result was made', async () => {
  expect(
    await statementOf({ reference: 'small:1', manifestDigest: `sha256:${REGISTRY}` }, {}, toProvenance),
  ).toEqual({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'small:1', digest: { sha256: REGISTRY } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'pkg:npm/keepset@1.2.3#shrink',
        externalParameters: {
          source: 'r-base:4',
          runs: [
            { name: 'main', command: ['sh', '-c', 'plot'] },
            { name: 'other', command: ['ls'] },
          ],
        },
        resolvedDependencies: [
          { uri: expect.stringMatching(/^pkg:oci\/r-base@sha256:a/), digest: { sha256: SOURCE } },
        ],
      },
      runDetails: { builder: { id: 'pkg:npm/keepset@1.2.3' } },
    },
  });
});
