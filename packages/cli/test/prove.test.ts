import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import type { RecordingProof } from '@keepset/shrinker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { runKeepset } from './run-keepset.ts';

const opened = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'test-prove-'));
const NAME = `keepset-test-prove-${process.pid}`;
const [ONE, TWO] = [`${NAME}-one:1`, `${NAME}-two:1`];
const SPOILED = `${NAME}-spoiled:1`;
let engine: Engine;
let base: string;

const build = async (tag: string, dockerfile: string) =>
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], { tag });

beforeAll(async () => {
  engine = opened.use(await connectTestEngine());
  base = await ensureBase(engine);
  for (const tag of [ONE, TWO]) await build(tag, `FROM ${base}\nLABEL test=${tag}\n`);
});
afterAll(async () => {
  for (const tag of [ONE, TWO, `${ONE}-small`, `${TWO}-small`, SPOILED]) await engine.removeImage(tag);
  await opened.disposeAsync();
  rmSync(folder, { recursive: true });
});

/** Three steps of two images, an exec, and a file that is left. What inspect and ps say is a part of the output. */
const PIPELINE = `
set -e
docker volume create ${NAME} > /dev/null
run() { docker run --rm -v ${NAME}:/data "$@"; }
run ${ONE} sh -c 'seq 1 10 > /data/numbers'
run -u nobody ${TWO} sort -rn /data/numbers > sorted.txt
docker run -d --name ${NAME} --label com.docker.compose.project=shop --label 'com.docker.compose.service=d"b' -v ${NAME}:/data ${TWO} sleep 60 > /dev/null
docker exec ${NAME} sort -n /data/numbers | tail -n 1
docker exec ${NAME} sh -c 'echo out; echo err >&2' 2> /dev/null
docker inspect -f '{{.Config.Image}} {{.Path}} {{.Image}} {{index .Config.Labels "test"}}' ${NAME}
docker ps --filter name=${NAME} --format '{{.Image}} {{.Command}}'
docker rm -f ${NAME} > /dev/null
docker volume rm ${NAME} > /dev/null
`;

const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const proofOf = (name: string): RecordingProof => JSON.parse(read(`${name}/proof.json`));
const prove = (name: string, script: string, ...options: readonly string[]) =>
  runKeepset(folder, ['record', '--prove', name, ...options, '--', 'sh', '-c', script]);

describe('a pipeline on its small images', () => {
  it('does the same, and says by which names they are used', async () => {
    const options = ['record', '-o', 'run', '--compare', 'sorted.txt'];
    const recorded = await runKeepset(folder, [...options, '--', 'sh', '-c', PIPELINE]);
    expect(recorded.status).toBe(0);
    expect((await runKeepset(folder, ['shrink', '--recorded', 'run'])).status).toBe(0);
    const { status, stdout, stderr } = await prove('run', PIPELINE);
    expect(stderr).toContain(
      'proved    yes: 3 of 3 containers did the same, 3 on small images; 1 file compared',
    );
    // The client sees what it asked for.
    expect([status, stdout]).toEqual([0, recorded.stdout]);
    expect(proofOf('run')).toMatchObject({ holds: true, samples: 1, files: [] });
    expect(read('run/keepset.env').split('\n')[0]).toMatch(/^IMAGE_KEEPSET_TEST_PROVE_\d+_ONE_1=.*-small$/);
    expect(JSON.parse(read('run/keepset.cwl.json'))[ONE]).toEqual({
      class: 'DockerRequirement',
      dockerPull: `${ONE}-small`,
    });
    expect(read('run/keepset.shop.compose.yaml')).toBe(`services:\n  "d\\"b":\n    image: "${TWO}-small"\n`);
  });

  it('that lacks a file is named with what differs, and with what it leaves', async () => {
    await build(
      SPOILED,
      `FROM ${TWO}-small AS small\nFROM ${base} AS spoiled\nCOPY --from=small / /small\nRUN rm /small/usr/bin/sort\nFROM scratch\nENV PATH=/bin:/usr/bin\nCOPY --from=spoiled /small /\n`,
    );
    const spoiled = await engine.inspectImage(SPOILED);
    const images = JSON.parse(read('run/keepset.images.json'));
    images.images[1].result.id = spoiled?.id;
    writeFileSync(join(folder, 'run/keepset.images.json'), JSON.stringify(images));
    const { status, stderr } = await prove('run', PIPELINE.replace('set -e', ''));
    expect(status).toBe(3);
    expect(stderr).toContain('proved    no: 1 of 3 containers did the same');
    expect(stderr).toMatch(/^differs {3}container 2 \(.*sort -rn \/data\/numbers\): exit status/m);
    expect(stderr).toMatch(/^differs {3}container 3 \(.*\): exit status of sort -n \/data\/numbers/m);
    expect(stderr).toContain('differs   sorted.txt: it has another content');
    expect(stderr).toMatch(
      /^differs {3}container 3 \(.*\): standard output of sort -n \/data\/numbers, line 1/m,
    );
    expect(proofOf('run').containers.map(({ verdict }) => verdict)).toEqual(['same', 'differs', 'differs']);
    const gone = await prove('run', `docker run --rm ${ONE} true; exit 7`);
    expect(gone.status).toBe(7);
    expect(gone.stderr).toContain('differs   the command: exit status 7 instead of 0');
    expect(proofOf('run').containers.map(({ verdict }) => verdict)).toEqual([
      'missing',
      'missing',
      'missing',
      'not recorded',
    ]);
  });
});

/** A folder that is listed; and a program that only an untraced run needs. */
const LACKING = `ls /etc/cron.daily; if grep -q "TracerPid:.0$" /proc/self/status; then perl -e 1; fi; echo done`;

describe('a small image that lacks something', () => {
  const script = `docker run --rm ${ONE} sh -c '${LACKING}'`;
  const idOf = async (tag: string) => (await engine.inspectImage(tag))?.id;

  it('gets it, and is proved with it', async () => {
    await runKeepset(folder, ['record', '-q', '-o', 'lacking', '--', 'sh', '-c', script]);
    await runKeepset(folder, ['shrink', '--recorded', 'lacking', '--layers', 'one', '--keep', '/etc/issue']);
    const before = await idOf(`${ONE}-small`);
    const { status, stderr } = await prove('lacking', script, '--repair');
    expect(stderr).toContain('proved    yes: 1 of 1 container did the same, 1 on small images');
    expect(stderr).toMatch(/^repaired {2}.*, for 1-sh: \/etc\/cron\.daily\/.* \(/m);
    expect(stderr).toMatch(/^repaired {2}.*, for 1-sh: .*perl.* \(/m);
    expect(status).toBe(0);
    expect(await idOf(`${ONE}-small`)).not.toBe(before);
    expect(proofOf('lacking').repairs).toHaveLength(2);
    // What was found is a part of the recording, and what was asked for before still holds.
    const repaired = await idOf(`${ONE}-small`);
    await runKeepset(folder, ['shrink', '--recorded', 'lacking', '--keep', '/etc/issue']);
    expect(await idOf(`${ONE}-small`)).toBe(repaired);
  });

  it('stays as it is where nothing helps', async () => {
    const other = `docker run --rm ${TWO} sh -c 'test -e /tmp/x || cat "$0"' /etc/hostname`;
    await runKeepset(folder, ['record', '-q', '-o', 'varies', '--', 'sh', '-c', other]);
    await runKeepset(folder, ['shrink', '--recorded', 'varies']);
    const before = await idOf(`${TWO}-small`);
    const { status, stderr } = await prove('varies', other, '--repair');
    expect(stderr).toContain('repaired  nothing: nothing was found that it lacks');
    expect(status).toBe(3);
    expect(await idOf(`${TWO}-small`)).toBe(before);
    expect(proofOf('varies').repairs).toBeUndefined();
    expect(readdirSync(join(folder, 'varies', 'traces'))).toHaveLength(1);
    const names = (await engine.listImages()).flatMap((each) => each.names);
    expect(names.filter((name) => name.startsWith('keepset-repair-'))).toEqual([]);
  });
});

it('what varies by itself differs, unless the sources are asked again', async () => {
  const script = `docker run --rm ${ONE} sh -c 'date +%s.%N; echo same; echo more >&2'`;
  await runKeepset(folder, ['record', '-o', 'date', '--', 'sh', '-c', script]);
  await runKeepset(folder, ['shrink', '--recorded', 'date']);
  const once = await prove('date', script);
  expect(once.status).toBe(3);
  expect(once.stderr).toMatch(/^differs {3}container 1 \(.*\): standard output, line 1: "/m);
  expect(once.stderr).toContain('--samples 2');
  const more = await prove('date', script, '--samples', '1');
  expect(more.stderr).toContain('proved    yes: 1 of 1 container');
  expect([more.status, more.stdout.split('\n').length]).toEqual([0, 3]);
  const other = await prove('date', script.replace('echo more', 'echo less'), '--samples', '1');
  // Another command is another container.
  expect(other.stderr).toMatch(/^missing {3}container 1/m);
  expect(other.status).toBe(3);
});

describe('what cannot be', () => {
  it.each([
    [['-o', 'x', '--prove', 'run', 'true'], 2, '-o is for a recording'],
    [['--prove', 'run', '--compare', 'x', 'true'], 2, '--compare is for a recording'],
    [['-o', 'x', '--samples', '1', 'true'], 2, '--samples is for --prove DIR'],
    [['-o', 'x', '--repair', 'true'], 2, '--repair is for --prove DIR'],
    [['--prove', 'run', '--samples', '9', 'true'], 2, '--samples'],
    [['--prove', 'nothing', 'true'], 1, 'holds no recording'],
  ])('%j', async (args, expected, message) => {
    const { status, stderr } = await runKeepset(folder, ['record', ...args]);
    expect([status, stderr.includes(message)]).toEqual([expected, true]);
  });

  it('a recording of which no small images were made', async () => {
    await runKeepset(folder, ['record', '-q', '-o', 'unshrunk', 'true']);
    const { status, stderr } = await runKeepset(folder, ['record', '--prove', 'unshrunk', 'true']);
    expect(status).toBe(1);
    expect(stderr).toContain('has no small images yet');
  });

  it('a proof of nothing', async () => {
    await runKeepset(folder, ['record', '-q', '-o', 'none', 'true']);
    await runKeepset(folder, ['shrink', '--recorded', 'none']);
    const { status, stderr } = await runKeepset(folder, ['record', '--prove', 'none', 'true']);
    expect([status, stderr.split('\n')[0]]).toEqual([
      3,
      'proved    no: 0 of 0 containers did the same, 0 on small images',
    ]);
  });

  it.each([
    ['a name with a newline', 'a\nb'],
    ['a name that a shell reads', 'a;b'],
  ])('small images with %s', async (_, tag) => {
    const id = `sha256:${'0'.repeat(64)}`;
    const image = {
      source: { references: ['a'], id, sizeBytes: 1 },
      result: { id, tags: [tag], sizeBytes: 1, manifest: 'm' },
      verified: false,
    };
    writeFileSync(
      join(folder, 'unshrunk/keepset.images.json'),
      JSON.stringify({ imagesVersion: 1, images: [image] }),
    );
    const { status, stderr } = await runKeepset(folder, ['record', '--prove', 'unshrunk', 'true']);
    expect(status).toBe(1);
    expect(stderr).toContain('keepset.images.json cannot be read');
  });
});
