import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectSchema, readProjectFile } from './project-file.js';

const folder = mkdtempSync(join(tmpdir(), 'test-project-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'keepset.yaml');
const client = { environment: { TOKEN: 'secret' }, workingDirectory: '/elsewhere' };

function read(text: string) {
  writeFileSync(file, text);
  return readProjectFile(file, client);
}

describe('keepset.yaml', () => {
  it('names an image, what it is run for, and what is kept besides', () => {
    const project = read(`
image: r-base:4
tag: [paper:small, paper:1]
keep: [/usr/share/zoneinfo/**]
drop: ['**/*.html']
runs:
  - name: plots
    command: Rscript 'a b.R'
    env: { LANG: C.UTF-8, N: 3 }
    workdir: /work
    user: 1000
    mounts: [./data:/data:ro, cache:/cache]
    network: none
    stdin: input.csv
    expect: { exitStatus: 3, stdout: '^done' }
  - name: own
services:
  - name: web
    command: [nginx, -g, daemon off;]
    env: [TOKEN, MISSING]
    ready: port=80
    http: [/, POST /a=201]
    crawl: true
    exec: nginx -T
    probe: 'curl -f http://$KEEPSET_HOST:$KEEPSET_PORT_80'
    healthcheck: false
    readyTimeout: 5
`);
    expect(project).toMatchObject({
      image: 'r-base:4',
      tags: ['paper:small', 'paper:1'],
      keep: ['/usr/share/zoneinfo/**'],
      drop: ['**/*.html'],
    });
    const [plots, own, web] = project.runs;
    expect(plots).toEqual({
      name: 'plots',
      command: ['Rscript', 'a b.R'],
      options: {
        env: ['LANG=C.UTF-8', 'N=3'],
        workdir: '/work',
        user: '1000',
        volume: [`${folder}/data:/data:ro`, 'cache:/cache'],
        network: 'none',
        interactive: true,
      },
      stdin: expect.any(Function),
      expectation: { exitStatus: 3, stdout: /^done/m },
    });
    expect(own).toEqual({ name: 'own', command: [], options: {} });
    expect(web).toEqual({
      name: 'web',
      command: ['nginx', '-g', 'daemon off;'],
      options: { env: ['TOKEN=secret'] },
      service: {
        ready: [{ kind: 'port', ports: [80] }],
        steps: [
          { kind: 'http', method: 'GET', port: 80, path: '/' },
          { kind: 'http', method: 'POST', port: 80, path: '/a', status: 201 },
          { kind: 'exec', command: ['nginx', '-T'] },
          { kind: 'probe', command: 'curl -f http://$KEEPSET_HOST:$KEEPSET_PORT_80' },
        ],
        crawl: { depth: 3 },
        readySecondsMax: 5,
        healthCheck: false,
      },
    });
  });

  it('may be empty', () => {
    expect(read('')).toEqual({ image: undefined, tags: [], runs: [], keep: [], drop: [] });
  });

  it.each([
    ['no YAML', 'image: [', 1, /Flow sequence/],
    ['a typo at the top', 'image: a\nrnus: []\n', 2, "there is no key 'rnus' here: did you mean 'runs'?"],
    [
      'a typo in a run',
      'runs:\n  - name: a\n    comand: b\n',
      3,
      "runs[0]: there is no key 'comand' here: did you mean 'command'?",
    ],
    [
      "a key of compose's",
      'services:\n  - name: a\n    environment: {}\n',
      3,
      "services[0]: there is no key 'environment' here: did you mean 'env'?",
    ],
    [
      'a key in what is expected',
      'runs:\n  - name: a\n    expect: { stdot: x }\n',
      3,
      "runs[0].expect: there is no key 'stdot' here: did you mean 'stdout'?",
    ],
    ['a key that is near none', 'colour: red\n', 1, /there is no key 'colour' here$/],
    [
      'a typo in a map of runs',
      'runs:\n  a: b\n  c:\n    comand: d\n',
      4,
      "runs[1]: there is no key 'comand' here: did you mean 'command'?",
    ],
    [
      'a map of runs with a bad name',
      'runs:\n  a: b\n  c d: e\n',
      3,
      'runs[1].name: it may hold no blank and no =',
    ],
    ['one run without a list', 'runs:\n  name: a\n  command: b\n', 2, 'runs: expected array'],
    ['a run without a name', 'runs:\n  - name: a\n  - command: b\n', 3, 'runs[1].name is missing'],
    ['a number for a name', 'runs:\n  - name: 1\n', 2, 'runs[0].name: expected string'],
    ['a name with a blank', 'runs:\n  - name: a b\n', 2, 'runs[0].name: it may hold no blank and no ='],
    [
      'a map for a command',
      'runs:\n  - name: a\n    command: {}\n',
      3,
      'runs[0].command: not of the kind that is expected here',
    ],
    [
      'no expression',
      "runs:\n  - name: a\n    expect:\n      stdout: '('\n",
      4,
      'runs[0].expect.stdout: not a regular expression',
    ],
    [
      'two of one name',
      'runs:\n  - name: a\nservices:\n  - name: a\n    http: /\n',
      4,
      "two runs are called 'a'",
    ],
    [
      'a service of which nothing is asked',
      'services:\n  - name: a\n',
      2,
      "there is nothing to ask of the service 'a'",
    ],
    [
      'a crawl without a page to begin at',
      'services:\n  - name: a\n    ready: healthy\n    crawl: 2\n',
      2,
      'crawl has no page to begin at',
    ],
    [
      'a bomb of aliases',
      `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi'].map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]}, `.repeat(9)}x]\n`).join('')}`,
      1,
      'Excessive alias count',
    ],
    ['an alias of nothing', 'image: *nowhere\n', 1, 'Unresolved alias'],
    ['a key that is there twice', 'image: a\nimage: b\n', 2, 'Map keys must be unique'],
    ['a request that is none', 'services:\n  - name: a\n    http: x\n', 2, 'http x: not a request'],
    [
      'a command for a shell',
      'runs:\n  - name: a\n    command: a | b\n',
      2,
      'command: the command needs a shell, and is run without one',
    ],
  ])('%s is told with its line', (_title, text, line, message) => {
    const expected = typeof message === 'string' ? `${file}:${line}: ${message}` : message;
    expect(() => read(text)).toThrow(expected);
    expect(() => read(text)).toThrow(expect.objectContaining({ name: 'UsageError' }));
  });

  it('takes runs and services as a map of their names', () => {
    const list = read(`
runs:
  - name: plots
    command: Rscript 'a b.R'
  - { name: count, command: [wc, -l], user: 7 }
  - name: own
services:
  - { name: web, command: nginx, http: / }
`);
    const map = read(`
runs:
  plots: Rscript 'a b.R'
  count: { command: [wc, -l], user: 7 }
  own:
services:
  web: &web { command: nginx, http: / }
`);
    expect(map).toEqual(list);
  });

  it('has a schema', () => {
    expect(projectSchema()).toMatchObject({
      type: 'object',
      properties: { runs: { anyOf: [{ type: 'array' }, { type: 'object' }] } },
    });
  });
});

describe('what is written about it', () => {
  const repository = new URL('../../../../', import.meta.url);

  it('has an example that is understood', () => {
    const page = readFileSync(new URL('docs/keepset.yaml.md', repository), 'utf8');
    const example = /^```yaml\n(.*?)^```/ms.exec(page)?.[1] ?? '';
    const project = read(example);
    expect(project.runs.map(({ name }) => name)).toEqual(['plots', 'count', 'web']);
    expect(project.runs[2]?.service?.steps).toHaveLength(4);
  });

  it('has a schema that is the one by which it is read', () => {
    const schema = readFileSync(new URL('packages/cli/schema/keepset.schema.json', repository), 'utf8');
    expect(JSON.parse(schema)).toEqual(JSON.parse(JSON.stringify(projectSchema())));
  });
});
