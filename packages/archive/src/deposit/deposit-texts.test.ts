import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error  it has no types
import { Cite } from '@citation-js/core';
import '@citation-js/plugin-cff';
import { ROCrate } from 'ro-crate';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { depositTexts } from './deposit-texts.js';
import {
  CHANCY_RUN,
  DEPOSIT,
  DEPOSIT_OF_TWO,
  HOSTILE,
  HOSTILE_DEPOSIT,
  IMAGE,
  SERVICE_RUN,
} from './example.test-helper.js';
import { parseRuns } from './runs-file.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

const textOf = (name: string, deposit = DEPOSIT) => depositTexts(deposit).get(name) ?? '';
const jsonOf = (name: string, deposit = DEPOSIT) => JSON.parse(textOf(name, deposit));

it('gives the same texts each time, in any order of the files', () => {
  const turned = { ...DEPOSIT, files: [...DEPOSIT.files].reverse() };
  expect([...depositTexts(turned)]).toEqual([...depositTexts(DEPOSIT)]);
});

it('answers the questions of the Process Run Crate, to a reader that is not ours', () => {
  const crate = new ROCrate(jsonOf('ro-crate-metadata.json'), { array: true, link: true });
  const root = crate.rootDataset;
  expect(root.conformsTo[0]['@id']).toBe('https://w3id.org/ro/wfrun/process/0.5');
  expect(root.author.map(({ '@id': id }: { '@id': string }) => id)).toEqual([
    'https://orcid.org/0000-0002-1825-0097',
    '#author-2',
  ]);
  const [action] = root.mentions;
  expect(action['@type']).toEqual(['CreateAction']);
  expect(action.instrument[0].name).toEqual(['Rscript']);
  expect(action.instrument[0].softwareRequirements[0].name).toEqual(['ggplot2']);
  expect(action.object.map(({ name }: { name: string[] }) => name)).toEqual([['inputs/1/a b.csv']]);
  expect(action.result.map(({ name }: { name: string[] }) => name)).toEqual([
    ['expected/1-plot/stdout'],
    ['expected/1-plot/stderr'],
    ['expected/1-plot/files/001-plot.pdf'],
  ]);
  const [image] = action.containerImage;
  expect(image).toMatchObject({
    '@type': ['ContainerImage'],
    name: ['example/paper'],
    tag: ['small'],
    sha256: ['b'.repeat(64)],
  });
  expect(action.environment[0]).toMatchObject({ name: ['LANG'], value: ['C'] });
});

it('names every file of the crate, and no entity twice', () => {
  const { '@graph': graph } = jsonOf('ro-crate-metadata.json');
  const ids = graph.map((entity: { '@id': string }) => entity['@id']);
  expect(new Set(ids).size).toBe(ids.length);
  for (const name of ['inputs/1/a%20b.csv', 'check.sh', 'runs.json', 'image/']) expect(ids).toContain(name);
  const named = new Set(ids);
  const references = JSON.stringify(graph).matchAll(/\{"@id":"((?:#|inputs|expected|image)[^"]*)"\}/g);
  for (const [, id] of references) expect(named).toContain(id);
});

it('says how it is cited, to a reader that is not ours', () => {
  expect(new Cite(textOf('CITATION.cff')).data[0]).toMatchObject({
    type: 'dataset',
    title: 'Plots of everything',
    author: [{ family: 'Carberry', given: 'Josiah' }, { literal: 'The Plot Group' }],
    DOI: '10.5281/zenodo.1234',
    issued: { 'date-parts': [[2024, 5, 6]] },
  });
});

it('says how it is cited, in three forms', () => {
  expect(parse(textOf('CITATION.cff'))).toMatchObject({
    'cff-version': '1.2.0',
    title: 'Plots of everything',
    authors: [
      { 'family-names': 'Carberry', 'given-names': 'Josiah', orcid: 'https://orcid.org/0000-0002-1825-0097' },
      { name: 'The Plot Group' },
    ],
    license: 'CC-BY-4.0',
    'date-released': '2024-05-06',
    references: [{ type: 'software', title: 'ggplot2', version: '3.4.1' }],
  });
  expect(jsonOf('codemeta.json')).toMatchObject({
    author: [{ familyName: 'Carberry' }, { '@type': 'Organization' }],
    softwareRequirements: [{ name: 'ggplot2', identifier: 'pkg:cran/ggplot2@3.4.1' }],
  });
  expect(jsonOf('.zenodo.json')).toMatchObject({
    creators: [{ name: 'Carberry, Josiah', orcid: '0000-0002-1825-0097' }, { name: 'The Plot Group' }],
    license: 'cc-by-4.0',
  });
});

it('escapes what others wrote for each medium', () => {
  expect(parse(textOf('CITATION.cff', HOSTILE_DEPOSIT)).title).toBe(HOSTILE);
  expect(jsonOf('codemeta.json', HOSTILE_DEPOSIT).name).toBe(HOSTILE);
  expect(jsonOf('.zenodo.json', HOSTILE_DEPOSIT).description).not.toContain('<script');
  expect(jsonOf('ro-crate-metadata.json', HOSTILE_DEPOSIT)['@graph'][1].name).toBe(HOSTILE);
  expect(parseRuns(textOf('runs.json', HOSTILE_DEPOSIT)).runs[0]?.command[2]).toBe(HOSTILE);
  for (const name of ['ro-crate-preview.html', 'README.md']) {
    const text = textOf(name, HOSTILE_DEPOSIT);
    expect(text).not.toContain('\u202e');
    if (name.endsWith('.html')) expect(text).not.toContain('<script');
  }
  // Each row of the table has its three cells.
  const rows = textOf('README.md', HOSTILE_DEPOSIT)
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  for (const row of rows.slice(0, 3)) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(5);
});

/** An engine that says what it was asked. */
function runWith(
  script: string,
  deposit = DEPOSIT,
): { readonly said: readonly string[]; readonly out: string } {
  const place = mkdtempSync(join(folder, 'run-'));
  for (const [name, text] of depositTexts(deposit)) writeFileSync(join(place, name), text);
  mkdirSync(join(place, 'image', 'blobs'), { recursive: true });
  for (const name of ['manifest.json', 'oci-layout', 'index.json'])
    writeFileSync(join(place, 'image', name), '{}');
  mkdirSync(join(place, 'inputs', '1'), { recursive: true });
  const engine = join(place, 'engine');
  writeFileSync(
    engine,
    `#!/bin/sh
for word in "$@"; do printf '%s\\0' "$word" >>${place}/said; done
printf 'END\\0' >>${place}/said
case $1 in image) exit 0;; create) echo c1;; start|exec) echo done;; wait) echo 0;; esac
`,
    { mode: 0o755 },
  );
  let out: string;
  try {
    const env = { ...process.env, ENGINE: engine };
    out = execFileSync('sh', [join(place, script)], { env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    out = (error as { stdout: string }).stdout;
  }
  const said = execFileSync('cat', [join(place, 'said')], { encoding: 'utf8' }).split('END\0');
  return { said, out };
}

it.each(['run.sh', 'check.sh'])('gives the engine each word of a run as it is (%s)', (script) => {
  const { said } = runWith(script, HOSTILE_DEPOSIT);
  const [create = ''] = said.filter((call) => call.startsWith('create'));
  const words = create.split('\0').slice(0, -1);
  expect(words.slice(0, 3)).toEqual(['create', '--network', 'none']);
  expect(words.slice(words.indexOf('-e'))).toEqual([
    '-e',
    `A=${HOSTILE}`,
    '-v',
    '/data',
    '--entrypoint',
    'printf',
    IMAGE.id,
    '%s\\n',
    HOSTILE,
  ]);
});

it('says what varies by chance, and was not compared', () => {
  const { out } = runWith('check.sh', { ...DEPOSIT, runs: [CHANCY_RUN] });
  expect(out).toContain('chance: not compared: standard output, which varies by chance');
  expect(out).toContain('chance: not compared: /work/plot.pdf, which varies by chance');
});

it('asks a service what an engine can, and says what needs keepset', () => {
  const { said, out } = runWith('check.sh', { ...DEPOSIT, runs: [SERVICE_RUN] });
  const execs = said.filter((call) => call.startsWith('exec'));
  expect(execs.map((call) => call.split('\0').slice(0, -1))).toEqual([['exec', 'c1', 'cat', HOSTILE]]);
  expect(said).toContain('wait\0c1\0');
  for (const name of ['http GET /', 'http POST /a=201', "exec 'ls'", "probe 'curl x'"])
    expect(out).toContain(`web: not checked here: ${name}: it needs keepset replay`);
  expect(out).toContain('web: the same in all that was compared');
  const steps = SERVICE_RUN.asked?.steps.slice(0, 1) ?? [];
  const onlyPages = { ...SERVICE_RUN, asked: { ready: [], steps } };
  expect(runWith('check.sh', { ...DEPOSIT, runs: [onlyPages] }).out).toContain(
    'web: not run: a shell cannot ask it: it needs keepset replay',
  );
});

it('runs all runs, also after a service', () => {
  const { said } = runWith('run.sh', { ...DEPOSIT, runs: [SERVICE_RUN, ...DEPOSIT.runs] });
  expect(said.filter((call) => call.startsWith('create'))).toHaveLength(2);
});

it('tells of what was asked of a service', () => {
  const deposit = { ...DEPOSIT, runs: [SERVICE_RUN] };
  const [action] = jsonOf('ro-crate-metadata.json', deposit)['@graph'].filter(
    (each: { '@type': unknown }) => each['@type'] === 'CreateAction',
  );
  expect(action.description).toMatch(/^Rscript document.R 'a b'; asked: http GET \/; asked: exec /);
  expect(textOf('README.md', deposit)).toContain('not asked again, since it ran beside the image: `curl x`');
  expect(parseRuns(textOf('runs.json', deposit)).runs).toEqual([SERVICE_RUN]);
});

it('runs nothing on the machine of its reader, whatever a deposit says', () => {
  const value = jsonOf('runs.json', { ...DEPOSIT, runs: [SERVICE_RUN] });
  value.runs[0].asked.steps.push({ kind: 'probe', command: 'touch /tmp/no' });
  expect(() => parseRuns(JSON.stringify(value))).toThrow(/runs nothing on the machine of its reader/);
  value.runs[0].asked.steps.pop();
  value.runs[0].asked.ready[0].pattern = '(';
  expect(() => parseRuns(JSON.stringify(value))).toThrow(/not a regular expression/);
});

it('reads its runs back, and refuses what is none', () => {
  expect(parseRuns(textOf('runs.json')).runs).toEqual(DEPOSIT.runs);
  const changed = (change: (value: ReturnType<typeof JSON.parse>) => void) => {
    const value = jsonOf('runs.json');
    change(value);
    return () => parseRuns(JSON.stringify(value));
  };
  expect(changed((value) => (value.runs[0].mounts[0].target = '/x:/y'))).toThrow(
    /runs\.0\.mounts\.0\.target/,
  );
  for (const at of ['/etc/passwd', 'expected/../../x', 'expected/..', 'inputs/1', 'expected//x'])
    expect(changed((value) => (value.runs[0].samples[0].stdout.at = at))).toThrow(
      /stdout\.at: not below expected/,
    );
  expect(changed((value) => (value.runs[0].mounts[0].at = 'inputs/../..'))).toThrow(/not below inputs/);
  expect(changed((value) => delete value.runs[0].command)).toThrow(/runs\.0\.command/);
  expect(changed((value) => (value.depositVersion = 3))).toThrow(/depositVersion/);
  expect(changed((value) => value.runs.push(value.runs[0]))).toThrow('runs: two have one name');
  expect(() => parseRuns('{')).toThrow('it is not JSON');
});

it('says of each run which of several images it had', () => {
  const { images, runs } = parseRuns(textOf('runs.json', DEPOSIT_OF_TWO));
  expect({ images, runs }).toEqual({ images: DEPOSIT_OF_TWO.images, runs: DEPOSIT_OF_TWO.runs });
  const value = jsonOf('runs.json', DEPOSIT_OF_TWO);
  value.runs[0].image = 2;
  expect(() => parseRuns(JSON.stringify(value))).toThrow('one is of an image that is not there');
  const crate = new ROCrate(jsonOf('ro-crate-metadata.json', DEPOSIT_OF_TWO), { array: true, link: true });
  const actions = crate.rootDataset.mentions.map((action: ReturnType<typeof JSON.parse>) => [
    action.name[0],
    action.containerImage[0].sha256[0],
    action.instrument[0].softwareRequirements.map(({ name }: { name: string[] }) => name[0]),
  ]);
  expect(actions).toEqual([
    ['second', '3'.repeat(64), ['both', 'one']],
    ['chance', 'b'.repeat(64), ['both']],
  ]);
  const rows = textOf('README.md', DEPOSIT_OF_TWO).split('\n');
  expect(rows).toContainEqual(expect.stringMatching(/^\| `chance` \| `example\/paper:small` \|/));
  expect(textOf('ro-crate-preview.html', DEPOSIT_OF_TWO)).not.toContain('<script');
});

it.each(['run.sh', 'check.sh'])('runs each run in its own of several images (%s)', (script) => {
  const { said } = runWith(script, DEPOSIT_OF_TWO);
  const ids = DEPOSIT_OF_TWO.images.map(({ id }) => id);
  const asked = said.flatMap((call) => {
    const words = call.split('\0');
    return words[0] === 'create' ? ids.filter((id) => words.includes(id)) : [];
  });
  expect(asked).toEqual(ids);
});

it('reads where the date of a run stands, and refuses what is no format', () => {
  const value = jsonOf('runs.json');
  const dates = [{ at: 3, length: 11, formats: ['%-d %^b %Y', '%d %^b %Y'] }];
  Object.assign(value.runs[0].samples[0].stdout, { dates, sizeBytes: 14 });
  const { runs } = parseRuns(JSON.stringify(value));
  expect(runs[0]?.samples[0]?.stdout.dates).toEqual(dates);
  expect(textOf('check.sh', { ...DEPOSIT, runs })).toContain(" 3 11 '%-d %^b %Y%n%d %^b %Y'\n");
  expect(textOf('README.md', { ...DEPOSIT, runs })).toContain('the date of the run in `standard output`');
  for (const format of ['$(id)', '%Y\n', "'%Y'", '', '%'.repeat(99), '0.10', '%d']) {
    value.runs[0].samples[0].stdout.dates = [{ at: 3, length: 11, formats: [format] }];
    expect(() => parseRuns(JSON.stringify(value)), format).toThrow(/stdout\.dates\.0\.formats\.0/);
  }
});

it.each([
  ['dates that are not in order', [9, 3]],
  ['dates that overlap', [3, 4]],
  ['a date after the end', [99]],
  ['more dates than are recorded', Array.from({ length: 501 }, (_, index) => 4 * index)],
])('refuses %s', (_, places) => {
  const value = jsonOf('runs.json');
  const dates = places.map((at) => ({ at, length: 4, formats: ['%Y'] }));
  const sizeBytes = places.length > 2 ? 4000 : 20;
  value.runs[0].samples[0].stdout = { ...value.runs[0].samples[0].stdout, sizeBytes, dates };
  expect(() => parseRuns(JSON.stringify(value))).toThrow(/stdout\.dates/);
});

it('gives an engine no option that reaches out of a container, whatever a deposit says', () => {
  const value = jsonOf('runs.json');
  value.runs[0].options = { workdir: '/', capAdd: ['SYS_ADMIN'], volume: ['/:/host'], network: 'host' };
  expect(parseRuns(JSON.stringify(value)).runs[0]?.options).toEqual({ workdir: '/' });
});
