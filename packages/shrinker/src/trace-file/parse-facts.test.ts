import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { openTrace } from './open-trace.js';
import { parseFacts } from './parse-facts.js';

const sha256 = 'a'.repeat(64);
const bytes = { sha256, sizeBytes: 1 };
const run = {
  name: 'main',
  command: ['true'],
  options: { network: 'none' },
  variables: ['TOKEN'],
  service: {
    ready: [{ kind: 'log', pattern: 'start' }],
    steps: [{ kind: 'http', method: 'GET', path: '/' }],
  },
  exitStatus: 0,
  seconds: 0.1,
  identity: { uid: 0, gid: 0, supplementaryGids: [0], home: '/root' },
  seccompFilter: true,
  hasStdin: false,
  execs: [],
  stdout: bytes,
  stderr: bytes,
  steps: [{ name: 'http GET /', exitStatus: 200, stdout: bytes, stderr: bytes }],
  written: [{ path: '/tmp/x', isNew: true }],
  files: [{ path: '/tmp/x', type: 'file', mode: 0o644, uid: 0, gid: 0, isOfImage: true, ...bytes }],
};
const facts = {
  traceFileVersion: 1,
  tool: { name: 'keepset', version: '1' },
  source: { reference: 'debian:12', id: `sha256:${sha256}`, architecture: 'amd64' },
  runs: [run],
};
const parse = (value: unknown) => parseFacts(JSON.stringify(value));
const withRun = (change: object) => parse({ ...facts, runs: [{ ...run, ...change }] });

it('what keepset writes is understood', () => {
  expect(parse(facts)).toEqual(facts);
});

describe('anything else is refused, and the place is named', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['nothing', () => parse(null), /expected object/],
    ['a list', () => parse([]), /expected object/],
    [
      'a key twice',
      () => parseFacts(JSON.stringify(facts).replace('{', '{"runs":[],')),
      /"runs" stands twice in one object/,
    ],
    ['a list of something', () => parse([{}]), /expected object/],
    ['no runs', () => parse({ ...facts, runs: [] }), /^runs: there is no run$/],
    ['runs that are none', () => parse({ ...facts, runs: [{}] }), /^runs\[0\]\.name: /],
    ['another version', () => parse({ ...facts, traceFileVersion: 9 }), /of version 9/],
    ['a key that nobody knows', () => parse({ ...facts, more: 1 }), /"more"/],
    [
      'a bad expression',
      () => withRun({ service: { ready: [{ kind: 'log', pattern: '(' }], steps: [] } }),
      /runs\[0\]\.service\.ready\[0\]\.pattern: not a regular expression/,
    ],
    [
      'a step of no kind',
      () => withRun({ service: { ready: [], steps: [{ kind: 'shell' }] } }),
      /runs\[0\]\.service\.steps\[0\]/,
    ],
    ['an option of no docker run', () => withRun({ options: { privileged: true } }), /"privileged"/],
    [
      'an id that is a name',
      () => parse({ ...facts, source: { ...facts.source, id: 'debian' } }),
      /^source\.id: /,
    ],
    ['a name of several lines', () => withRun({ name: 'a\nb' }), /^runs\[0\]\.name: /],
    ['a prototype', () => parseFacts('{"__proto__":{"runs":[]}}'), /./],
  ])('%s', (_what, action, message) => {
    expect(action).toThrow(message);
  });
});

it('whatever stands in one place, the answer is the facts or an error with a message', () => {
  const places = [['runs'], ['source', 'id'], ...Object.keys(run).map((key) => ['runs', 0, key])];
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
      const changed = structuredClone(facts) as unknown as Record<PropertyKey, never>;
      const last = place.at(-1) ?? '';
      const parent = place
        .slice(0, -1)
        .reduce<Record<PropertyKey, never>>((at, key) => at[key] ?? at, changed);
      Object.assign(parent, { [last]: value });
      try {
        expect(parse(changed)).toEqual(changed);
      } catch (error) {
        expect((error as Error).message).toMatch(/\S/);
      }
    }),
  );
});

it('a member that unpacks without end is refused before it is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'test-bomb-'));
  try {
    const [archive, file] = [pack(), join(folder, 'bomb.trace')];
    archive.entry({ name: 'trace.json' }, JSON.stringify(facts));
    archive.entry({ name: 'runs/0/trace-0.gz' }, gzipSync(Buffer.alloc(100 * 1024 * 1024, '\n')));
    archive.finalize();
    await pipeline(archive, createWriteStream(file));
    const [saved] = (await openTrace(file, folder)).runs;
    const read = async () => {
      for await (const _ of saved?.logs.readTrace() ?? []);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'TRACE_FILE_INVALID',
      message: expect.stringMatching(/more than 500 times its size/),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
