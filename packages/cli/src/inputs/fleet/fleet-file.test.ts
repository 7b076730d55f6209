import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fleetSchema, readFleetFile } from './fleet-file.js';

const folder = mkdtempSync(join(tmpdir(), 'test-fleet-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'fleet.yaml');

function read(text: string) {
  writeFileSync(file, text);
  return readFleetFile(file, '/elsewhere');
}

it('says which images there are, how they are run, and where results go', () => {
  const { entries, ...fleet } = read(`
images:
  - debian:12
  - { image: web:1, http: /, tag: web:small, name: web }
  - { names: images.txt, labels: true }
runs: { file: keepset.yaml, options: [--no-verify] }
results: { registry: localhost:5000/small, manifests: manifests }
record: record
policies: { strict: true, maxSize: 200m, maxShare: 0.3, verified: true }
jobs: 4
slurm: { options: [--partition=long] }
swarm: { image: keepset:1, mounts: [/data], constraints: [node.role == worker], environment: { A: b } }
`);
  expect(entries.map(({ refuse: _, ...entry }) => entry)).toEqual([
    { image: 'debian:12' },
    { image: 'web:1', http: '/', tag: 'web:small', name: 'web' },
    { names: 'images.txt', labels: true },
  ]);
  expect(fleet).toEqual({
    folder,
    runs: { file: 'keepset.yaml', options: ['--no-verify'] },
    results: { registry: 'localhost:5000/small', manifests: 'manifests' },
    record: 'record',
    strict: true,
    limits: { sizeBytesMax: 200e6, shareMax: 0.3, verified: true },
    jobs: 4,
    slurmOptions: ['--partition=long'],
    swarm: {
      ...{ image: 'keepset:1', mounts: ['/data'] },
      ...{ constraints: ['node.role == worker'], environment: { A: 'b' } },
    },
  });
  expect(entries[1]?.refuse('no', 'way').message).toBe(`${file}:4: no`);
});

it('may say little', () => {
  expect(read('images: [a]')).toMatchObject({ runs: {}, results: {}, record: 'fleet-record', limits: {} });
});

describe('what is wrong is told with its line', () => {
  it.each([
    ['nothing', '', 1, 'images is missing'],
    ['no image', 'images: []\n', 1, 'images: there is no image'],
    ['an image that is none', 'images:\n  - a\n  - 7\n', 3, 'images[1]: expected object'],
    ['a typo', 'images: [a]\nresult: {}\n', 2, "there is no key 'result' here: did you mean 'results'?"],
    [
      'a typo in an image',
      'images:\n  - a\n  - image: b\n    comand: c\n',
      4,
      "images[1]: there is no key 'comand' here: did you mean 'command'?",
    ],
    ['a name with a slash', 'images:\n  - { image: a, name: ../b }\n', 2, 'images[0].name: it is of letters'],
    [
      'two ways',
      'images:\n  - { image: a, file: b, command: c }\n',
      2,
      'file and command both say how it is run',
    ],
    ['two ways for all', 'images: [a]\nruns: { labels: true, http: / }\n', 2, 'command and labels both'],
    [
      'two kinds of images',
      'images:\n  - { image: a, names: b }\n',
      2,
      'image and names both say which images',
    ],
    ['no kind of image', 'images:\n  - { command: b }\n', 2, 'there is no image'],
    [
      'one name for many',
      'images:\n  - { names: a, name: b }\n',
      2,
      'name is for one image, and names may be several',
    ],
    ['no size', 'images: [a]\npolicies:\n  maxSize: big\n', 3, 'policies.maxSize: expected a size'],
    ['a share of more than all', 'images: [a]\npolicies: { maxShare: 3 }\n', 2, 'policies.maxShare'],
    ['no jobs', 'images: [a]\njobs: 0\n', 2, 'jobs'],
    ['no YAML', 'images: [', 1, ''],
  ])('%s', (_what, text, line, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        name: 'UsageError',
        message: expect.stringContaining(`${file}:${line}: ${message}`),
      }),
    );
  });
});

it('has a schema that is the one by which it is read', () => {
  const schema = new URL('../../../schema/fleet.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(schema, 'utf8'))).toEqual(JSON.parse(JSON.stringify(fleetSchema())));
});
