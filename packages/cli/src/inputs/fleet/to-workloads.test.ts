import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withAnswers } from '../../../../../test-fixtures/answering.ts';
import { readFleetFile } from './fleet-file.js';
import { fleetImages } from './fleet-images.js';
import { labelRuns } from './label-runs.js';
import { toWorkloads } from './to-workloads.js';

const folder = mkdtempSync(join(tmpdir(), 'test-workloads-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'fleet.yaml');
const client = { environment: {}, workingDirectory: '/elsewhere', signal: new AbortController().signal };

async function workloadsOf(text: string, labels: Readonly<Record<string, string>> = {}) {
  writeFileSync(file, text);
  const fleet = readFleetFile(file, '/');
  const images = await fleetImages(fleet, client);
  const facts = new Map(images.map(({ image }) => [image, { digest: 'sha256:d', labels }]));
  return toWorkloads(images, fleet, facts, client);
}

const commandsOf = async (text: string, labels?: Readonly<Record<string, string>>) =>
  (await workloadsOf(text, labels)).map(({ command }) => command.join(' '));

mkdirSync(join(folder, 'plots'));
writeFileSync(join(folder, 'plots/keepset.yaml'), 'image: r-base:4\nruns: { plot: Rscript plot.R }\n');
writeFileSync(join(folder, 'images.txt'), '# all\ndebian:12\n\n  ghcr.io/team/app:1 \ndebian:12\n');

describe('a task is a command that one can type', () => {
  it.each([
    ['images: [debian]', ['shrink --json -t debian:latest-small debian']],
    [
      "images: [{ image: debian:12, command: sh -c 'a b' }]\nresults: { suffix: .s, manifests: m }",
      ['shrink --json -t debian:12.s --manifest m/debian-12.json debian:12 sh -c a b'],
    ],
    [
      'images: [{ image: web:1, http: [/, /a], options: [-v, "./d:/d"] }]\nruns: { options: [--strict] }\nresults: { archives: "a,b" }',
      ['shrink --json --strict -v ./d:/d --http=/ --http=/a -o type=oci,"dest=a,b/web-1.tar" web:1'],
    ],
    [
      'images: [{ file: plots/keepset.yaml }]\npolicies: { strict: true }',
      ['shrink --json --strict --file plots/keepset.yaml -t r-base:4-small r-base:4'],
    ],
    [
      'images: [{ names: images.txt }]\nruns: { command: [true] }\nresults: { registry: localhost:5000/small/ }',
      [
        'shrink --json -o type=registry,ref=localhost:5000/small/debian:12 debian:12 true',
        'shrink --json -o type=registry,ref=localhost:5000/small/team/app:1 ghcr.io/team/app:1 true',
      ],
    ],
    [
      'images: [{ image: a, tag: [b:1, c] }, { image: a, name: d, tag: e, command: f }]',
      ['shrink --json -t b:1 -t c:latest a', 'shrink --json -t e:latest a f'],
    ],
  ])('%s', async (text, commands) => {
    expect(await commandsOf(text.replace('[true]', '["true"]'))).toEqual(commands);
  });

  it('knows what it writes, and what it reads', async () => {
    const [workload] = await workloadsOf(
      'images: [{ file: plots/keepset.yaml }]\nresults: { archives: a, manifests: m/n, suffix: -s }',
    );
    expect(workload).toMatchObject({
      name: 'r-base-4',
      results: ['r-base:4-s', 'a/r-base-4.tar', 'm/n/r-base-4.json'],
      folders: ['a', 'm/n'],
      manifest: 'm/n/r-base-4.json',
      inputs: { 'plots/keepset.yaml': expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    });
  });
});

it('images that digests name have results of their own', async () => {
  const [one, other] = ['1', '2'].map((digit) => `sha256:${digit.repeat(64)}`);
  const workloads = await workloadsOf(`images: ['a@${one}', 'b@${other}', '${one}', 'c:1@${other}']`);
  expect(workloads.map(({ results }) => results)).toEqual([
    ...[['keepset-recorded:111111111111-small'], ['keepset-recorded:222222222222-small']],
    ...[['keepset-recorded:111111111111-small'], ['c:1-small']],
  ]);
});

it('results share layers once there is a file that says which', async () => {
  const text = 'images: [a]\nresults: { layers: layers.json }';
  expect(await commandsOf(text)).toEqual(['shrink --json -t a:latest-small a']);
  writeFileSync(join(folder, 'layers.json'), '{}');
  const [workload] = await workloadsOf(text);
  rmSync(join(folder, 'layers.json'));
  expect(workload?.command.join(' ')).toBe('shrink --json --layers-from layers.json -t a:latest-small a');
  expect(Object.keys(workload?.inputs ?? {})).toEqual(['layers.json']);
});

describe('images of a recording', () => {
  const image = { references: ['app:1'], id: `sha256:${'a'.repeat(64)}`, architecture: 'amd64' };
  const traceFile = 'traces/1.trace';
  const recordedOf = async (further: object) => {
    mkdirSync(join(folder, 'recorded/traces'), { recursive: true });
    writeFileSync(join(folder, 'recorded', traceFile), '');
    const tool = { name: 'keepset', version: '1.0.0' };
    const recording = {
      recordingVersion: 1,
      tool,
      program: 'make',
      exitStatus: 0,
      containers: [],
      untraced: [],
    };
    const images = [{ ...image, traceFile, ...further }];
    writeFileSync(join(folder, 'recorded/recording.json'), JSON.stringify({ ...recording, images }));
    return await commandsOf('images:\n  - { recording: recorded }');
  };

  it('are made from what was seen of them', async () => {
    expect(await recordedOf({ repairs: [] })).toEqual([
      'shrink --json --from recorded/traces/1.trace --no-verify -t app:1-small app:1',
    ]);
  });

  it('are not made without what a proof had to add', async () => {
    await expect(recordedOf({ repairs: [{ traceFile: 'traces/2.trace', runs: [] }] })).rejects.toThrow(
      expect.objectContaining({
        name: 'UsageError',
        message: expect.stringMatching(/:2: recorded: the small image of app:1 was repaired/),
        hint: "'keepset shrink --recorded recorded' makes it.",
      }),
    );
  });
});

describe('a pattern of names', () => {
  const lists: Readonly<Record<string, object>> = {
    '/v2/_catalog': { repositories: ['team/web', 'team/web/base', 'team/old', 'other'] },
    '/v2/team/web/tags/list': { tags: ['1', '2', 'latest'] },
    '/v2/team/web/base/tags/list': { tags: ['latest'] },
    '/v2/team/old/tags/list': { tags: ['0'] },
  };
  const withRegistry = (use: (name: string) => Promise<void>) =>
    withAnswers(({ url = '' }, response) => response.end(JSON.stringify(lists[url] ?? {})), use);

  it.each([
    ['team/*', ['team/web:latest']],
    ['team/**', ['team/web/base:latest', 'team/web:latest']],
    ['team/web*:[0-9]', ['team/web:1', 'team/web:2']],
  ])('%s is what a registry lists', async (pattern, names) => {
    await withRegistry(async (registry) => {
      for (const prefix of ['', 'docker://']) {
        const workloads = await workloadsOf(`images: ['${prefix}${registry}/${pattern}']`);
        expect(workloads.map(({ image }) => image)).toEqual(names.map((name) => `${registry}/${name}`));
      }
    });
  });

  it('of more images than anybody shrinks is refused', async () => {
    const tags = JSON.stringify({ tags: Array.from({ length: 60_000 }, (_, at) => `${at}`) });
    await withAnswers(
      ({ url }, response) => response.end(url === '/v2/_catalog' ? '{"repositories":["a","b"]}' : tags),
      async (registry) => {
        await expect(workloadsOf(`images: ['${registry}/*:*']`)).rejects.toThrow(
          expect.objectContaining({
            name: 'UsageError',
            message: expect.stringMatching(/more than 100000 images/),
          }),
        );
      },
    );
  });

  it.each([
    ['without a registry', () => "'team/*'", 'a pattern begins with a registry'],
    ['of nothing', (registry: string) => `'${registry}/none/*'`, 'the registry lists no such image'],
    ['with one name for all', () => '{ image: "localhost/*", name: a }', 'name is for one image'],
  ])('%s is told with its line', async (_what, image, message) => {
    await withRegistry(async (registry) => {
      await expect(workloadsOf(`images:\n  - ${image(registry)}`)).rejects.toThrow(
        expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(`:2: .*${message}`) }),
      );
    });
  });
});

describe('what is wrong is told with its line, before anything is run', () => {
  it.each([
    [
      'no such option',
      'images:\n  - a\n  - { image: b, options: [--nosuch] }',
      ':3: there is no option --nosuch',
    ],
    [
      'a command among the options',
      'images:\n  - { image: b, options: [c, d] }',
      ':2: options: these are not options',
    ],
    [
      'an image that is an option',
      'images:\n  - --privileged',
      ":2: '--privileged' is not a valid image reference",
    ],
    [
      'a tag that is none',
      'images:\n  - { image: a, tag: "B C" }',
      ":2: 'B C' is not a valid image reference",
    ],
    [
      'a command for a shell',
      'images:\n  - { image: a, command: "b | c" }',
      ':2: command: the command needs a shell',
    ],
    ['a file that is not there', 'images:\n  - { image: a, file: no.yaml }', 'cannot read'],
    ['a file without an image', 'images:\n  - { file: empty.yaml }', ':2: empty.yaml names no image'],
    ['no list of names', 'images:\n  - { names: no.txt }', ':2: names: cannot read'],
    [
      'a list with an option in it',
      'images:\n  - { names: bad.txt }',
      "bad.txt:2: '-v' is not a valid image reference",
    ],
    ['a registry that is none', 'images:\n  - a\nresults: { registry: "x y" }', ':2: '],
  ])('%s', async (_what, text, message) => {
    writeFileSync(join(folder, 'empty.yaml'), '');
    writeFileSync(join(folder, 'bad.txt'), 'debian\n-v\n');
    await expect(commandsOf(text)).rejects.toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(message) }),
    );
  });
});

describe('labels of an image', () => {
  it('say what is run in it', async () => {
    const labels = { 'keepset.run.plot': "Rscript 'a b.R'", 'keepset.run.count': 'wc -l', other: 'x' };
    expect(await commandsOf('images: [{ image: a, labels: true }]', labels)).toEqual([
      "shrink --json --run count=wc -l --run plot=Rscript 'a b.R' -t a:latest-small a",
    ]);
  });

  it('are not looked at where nobody says so', async () => {
    expect(await commandsOf('images: [a]', { 'keepset.run.plot': 'x' })).toEqual([
      'shrink --json -t a:latest-small a',
    ]);
  });

  it.each([
    [{}, []],
    [{ 'keepset.http': '/\n:8080/a?b=c=200 ' }, ['--http=/', '--http=:8080/a?b=c=200']],
    [{ 'keepset.run.a': '--rm -v /:/host x' }, ['--run', 'a=--rm -v /:/host x']],
    [{ 'keepset.run.a=b': 'x', 'keepset.run.-v': 'x', 'keepset.run.': 'x', 'keepset.volume': '/:/host' }, []],
  ])('%j are options that choose a command, and no others', (labels, options) => {
    expect(labelRuns(labels)).toEqual(options);
  });

  it.each([
    [{ 'keepset.run.a': 'b > /c' }, /needs a shell/],
    [{ 'keepset.http': '/ --probe x' }, /is no request/],
    [{ 'keepset.http': 'http://elsewhere/' }, /is no request/],
    [{ 'keepset.http': '/', 'keepset.run.a': 'b' }, /labels for runs and keepset.http/],
  ])('%j are refused', (labels, message) => {
    expect(() => labelRuns(labels as Record<string, string>)).toThrow(message);
  });
});
