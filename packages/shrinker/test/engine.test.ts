import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { connectEngine, resolveEngineAddress } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase, ensureImage } from '../../../test-fixtures/images.ts';
import { checkLocked, shrink } from '../src/index.js';
import { allContainers } from './all-containers.ts';
import { exportTree, notOfTheSource } from './exported-tree.ts';
import { runHere, shrinkHere, watched } from './shrink-here.ts';

const NAME = `keepset/test-shrinker-${process.pid}`;
let engine: Engine;
let base: string;

/** Everything that is spooled goes here, so that what is left can be told from other tests' own. */
const temporary = mkdtempSync(join(tmpdir(), 'test-'));
process.env.TMPDIR = temporary;

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
});

afterAll(async () => {
  for (const tag of ['small', 'old', 'source', 'ids']) await engine.removeImage(`${NAME}:${tag}`);
  await engine[Symbol.asyncDispose]();
  rmSync(temporary, { recursive: true });
});

/** An image made of a few Dockerfile lines. */
async function makeImage(lines: readonly string[], tag = 'source'): Promise<string> {
  const dockerfile = [`FROM ${base}`, ...lines].join('\n');
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], {
    tag: `${NAME}:${tag}`,
  });
  return `${NAME}:${tag}`;
}

const idOf = async (reference: string) => (await engine.inspectImage(reference))?.id;

describe('the result', () => {
  it('of a FROM scratch image is the static program and its file', async () => {
    const image = await ensureImage(engine, 'static');
    const { result, output } = await shrinkHere(engine, { image });
    expect(output).toBe('a line of data\n');
    expect([...result.manifest.plan.kept.keys()].filter((path) => !/^\/(dev|proc|sys)?$/.test(path))).toEqual(
      ['/bin', '/bin/show', '/data'],
    );
    await engine.removeImage(result.id);
  });

  it('has USER, WORKDIR, ENV, ENTRYPOINT, labels and owners of the source, for a user without a shell', async () => {
    const image = await makeImage([
      'RUN useradd --uid 4242 --create-home --shell /usr/sbin/nologin nobody-here && mkdir -p /srv/work && echo mine >/srv/work/file && chown -R 4242:4242 /srv/work && chmod 0700 /srv/work',
      'WORKDIR /srv/work',
      'ENV GREETING="good morning"',
      'LABEL some=label',
      'EXPOSE 8080',
      'VOLUME /of-the-engine',
      'STOPSIGNAL SIGINT',
      'USER nobody-here',
      'ENTRYPOINT ["sh", "-c", "cat file; id -un; pwd; echo $GREETING $HOME; stat -c %a:%U /srv/work"]',
    ]);
    const { result, output } = await shrinkHere(engine, { image, tags: [`${NAME}:small`] });
    expect(output).toBe('mine\nnobody-here\n/srv/work\ngood morning /home/nobody-here\n700:nobody-here\n');
    expect(await runHere(engine, `${NAME}:small`)).toEqual({ exitStatus: 0, output });
    const [ours, theirs] = await Promise.all([engine.inspectImage(image), engine.inspectImage(result.id)]);
    expect(theirs?.config).toEqual(ours?.config);
    expect([...result.manifest.plan.kept.keys()]).toContain('/of-the-engine');
    const [source, small] = await Promise.all([exportTree(engine, image), exportTree(engine, result.id)]);
    // The engine makes the mount point anew in each container, with a time of its own.
    const wrong = notOfTheSource(source, small, result.manifest).filter(
      (text) => !text.startsWith('/of-the-engine '),
    );
    expect(wrong).toEqual([]);
    expect(small.get('/srv/work')).toMatchObject({ owner: '4242:4242', mode: 0o700 });
  });

  it('keeps the folder in which a run begins, and the relative paths from there', async () => {
    const image = await makeImage(['RUN mkdir -m 0751 /begin && echo here >/begin/relative']);
    const { result, output } = await shrinkHere(engine, {
      image,
      command: ['cat', 'relative'],
      options: { workdir: '/begin' },
    });
    expect(output).toBe('here\n');
    expect((await exportTree(engine, result.id)).get('/begin')).toMatchObject({ mode: 0o751 });
    await engine.removeImage(result.id);
  });

  it('shares the content of hard links that were both used', async () => {
    const image = await makeImage(['RUN mkdir /l && echo x >/l/a && ln /l/a /l/b && ln /l/a /l/unused']);
    const { result, output } = await shrinkHere(engine, {
      image,
      command: ['sh', '-c', 'cat /l/a /l/b; stat -c %i /l/a /l/b | uniq | wc -l'],
    });
    expect(output).toBe('x\nx\n1\n');
    expect([...result.manifest.plan.kept.keys()].filter((path) => path.startsWith('/l/'))).toEqual([
      '/l/a',
      '/l/b',
    ]);
    await engine.removeImage(result.id);
  });

  it('is the same image when the same is shrunk again', async () => {
    const request = { image: base, command: ['cat', '/etc/debian_version'] };
    const [first, second] = [await shrinkHere(engine, request), await shrinkHere(engine, request)];
    expect(second.result.id).toBe(first.result.id);
    await engine.removeImage(first.result.id);
  });

  it('gets standard input, the same as the source', async () => {
    async function* input() {
      yield Buffer.from('first\n');
      yield Buffer.from('second\n');
    }
    const pieces: Uint8Array[] = [];
    const result = await shrink(
      engine,
      {
        image: base,
        runs: [{ name: 'main', command: ['sort', '-r'], options: { interactive: true } }],
        tags: [],
        version: 'test',
      },
      { stdin: input(), onOutput: ({ bytes }) => void pieces.push(bytes), onEvent() {} },
    );
    expect(Buffer.concat(pieces).toString()).toBe('second\nfirst\n');
    expect(result.verified).toBe(true);
    await engine.removeImage(result.id);
  });
});

describe('a command that', () => {
  it.each([
    ['fails', ['sh', '-c', 'exit 7'], 'COMMAND_FAILED'],
    ['is not there', ['no-such-program'], 'COMMAND_NOT_FOUND'],
    ['is not there, by its path', ['/no/such/program'], 'COMMAND_NOT_FOUND'],
    ['may not be executed', ['/etc/passwd'], 'COMMAND_NOT_EXECUTABLE'],
  ])('%s makes no image', async (_what, command, code) => {
    const { engine: one, images } = watched(engine);
    const tags = [`${NAME}:never`];
    await expect(shrinkHere(one, { image: base, command, tags })).rejects.toMatchObject({ code });
    expect(images).toEqual([]);
    expect(await idOf(`${NAME}:never`)).toBeUndefined();
  });

  it('is meant to fail fails in the same way in the result', async () => {
    const { result } = await shrinkHere(engine, {
      image: base,
      command: ['sh', '-c', 'echo so; exit 7'],
      allowFailure: true,
    });
    expect(result).toMatchObject({ exitStatus: 7, verified: true });
    expect((await runHere(engine, result.id, ['sh', '-c', 'echo so; exit 7'])).exitStatus).toBe(7);
    await engine.removeImage(result.id);
  });

  it('does otherwise in the result leaves no image, and the old one under the name', async () => {
    await engine.tagImage((await idOf(base)) ?? '', { repository: NAME, tag: 'old' });
    const { engine: one, images } = watched(engine);
    const request = { image: base, command: LISTING, tags: [`${NAME}:old`], repairRounds: 0 };
    await expect(shrinkHere(one, request)).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: expect.stringMatching(/line 1 of standard output is "\d+" instead of "\d+"/),
    });
    expect(await idOf(`${NAME}:old`)).toBe(await idOf(base));
    expect(images).toHaveLength(1);
    expect(await idOf(images[0] ?? '')).toBeUndefined();
  });

  it('is not verified gets its image all the same', async () => {
    const command = ['cat', '/proc/sys/kernel/random/uuid'];
    const { result } = await shrinkHere(engine, { image: base, command, verify: false });
    expect(result.verified).toBe(false);
    await engine.removeImage(result.id);
  });
});

describe('the rules of the user', () => {
  const command = ['cat', '/etc/debian_version'];

  it('are planned before the image is built', async () => {
    const { result } = await shrinkHere(engine, {
      image: base,
      command,
      keep: { keep: ['/etc/apt', '/no/such/thing'], drop: ['/etc/os-release', '/usr/lib/os-release'] },
    });
    const tree = await exportTree(engine, result.id);
    expect(tree.has('/etc/apt/trusted.gpg.d')).toBe(true);
    expect(tree.has('/etc/os-release')).toBe(false);
    expect(result.manifest.plan.warnings).toContainEqual({
      kind: 'pattern-unmatched',
      option: 'keep',
      pattern: '/no/such/thing',
    });
    await engine.removeImage(result.id);
  });

  it('that cannot be read are refused before anything is run', async () => {
    const { engine: one, containers } = watched(engine);
    const request = { image: base, command, keep: { drop: ['/a/../b'] } };
    await expect(shrinkHere(one, request)).rejects.toMatchObject({ code: 'PLAN_BAD_PATTERN' });
    expect(containers).toEqual([]);
  });

  it('cannot drop what the command opens', async () => {
    const request = { image: base, command, keep: { drop: ['/etc/debian_version'] } };
    await expect(shrinkHere(engine, request)).rejects.toMatchObject({ code: 'PLAN_DROP_NEEDED' });
  });
});

describe('a keep list', () => {
  it('builds the same image without tracing, and is checked for drift', async () => {
    const command = ['cat', '/etc/debian_version'];
    const { result } = await shrinkHere(engine, { image: base, command });
    const locked = await shrinkHere(engine, { image: base, command, locked: result.keepList });
    expect(locked.result.id).toBe(result.id);
    expect(locked.result).toMatchObject({ verified: true, keepList: result.keepList });
    expect(locked.events.flatMap((event) => (event.kind === 'stage-ended' ? [event.stage] : []))).toEqual([
      'inspect',
      'run',
      'build',
      'verify',
    ]);
    const unseen = await shrinkHere(engine, { image: base, command, locked: result.keepList, verify: false });
    expect(unseen.result).toMatchObject({ id: result.id, exitStatus: undefined, verified: false });
    expect(unseen.output).toBe('');
    await engine.removeImage(result.id);

    const streams = { onOutput() {}, onEvent() {} };
    const edited = `${result.keepList.replace('/etc/debian_version\n', '')}/etc/apt\n`;
    const [same, drifted] = [result.keepList, edited].map((text) =>
      checkLocked(engine, { image: base, runs: [{ name: 'main', command }], locked: text }, streams),
    );
    expect((await same)?.drift).toEqual({ added: [], removed: [] });
    expect((await drifted)?.drift).toEqual({ added: ['/etc/debian_version'], removed: ['/etc/apt'] });
  });

  it('without something that the command needs fails verification', async () => {
    const locked = '/etc/debian_version\n';
    const request = { image: base, command: ['cat', '/etc/debian_version'], locked };
    await expect(shrinkHere(engine, request)).rejects.toMatchObject({ code: 'VERIFICATION_FAILED' });
  });

  it('with a path that the image lacks is an error, as is one that is no list', async () => {
    const request = { image: base, command: ['true'] };
    const missing = shrinkHere(engine, { ...request, locked: '/no/such/path\n' });
    await expect(missing).rejects.toMatchObject({ code: 'PLAN_LOCKED_MISSING' });
    const bad = shrinkHere(engine, { ...request, locked: 'relative\n' });
    await expect(bad).rejects.toMatchObject({ code: 'PLAN_BAD_KEEP_LIST' });
  });
});

/** What a shrink is doing when it is interrupted: the role of the container that was just made, or a stage's end. */
const MOMENTS = [
  'toolbox',
  'reader',
  'trace',
  'end of keep',
  'end of build',
  'verify',
  'sample',
  'end of repair',
  'check',
] as const;
/** Differs in the result at first, and is repaired. */
const LISTING = ['sh', '-c', 'set -- /usr/bin/*; echo $#'];

it.each(MOMENTS)('an interrupt at %s leaves nothing', async (moment) => {
  const controller = new AbortController();
  const address = resolveEngineAddress({ environment: process.env, homeDirectory: '/' });
  const interrupted = await connectEngine({ address, signal: controller.signal });
  const { engine: one, containers, images } = watched(interrupted);
  const abortAfter: Engine = {
    ...one,
    async createContainer(config, role) {
      const container = await one.createContainer(config, role);
      if (role === moment) controller.abort();
      return container;
    },
  };
  const request = {
    image: base,
    runs: [{ name: 'main', command: ['sample', 'end of repair'].includes(moment) ? LISTING : ['true'] }],
    checks: [{ name: 'held out', command: ['true'] }],
    tags: [`${NAME}:never`],
    version: moment,
  };
  const shrunk = shrink(abortAfter, request, {
    onOutput() {},
    onEvent(event) {
      if (event.kind === 'stage-ended' && `end of ${event.stage}` === moment) controller.abort();
    },
  });
  await expect(shrunk).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await interrupted[Symbol.asyncDispose]();
  expect(containers.length).toBeGreaterThan(0);
  const ids = await allContainers(engine.details.address);
  expect(containers.filter(({ id }) => ids.includes(id))).toEqual([]);
  for (const image of images) expect(await idOf(image)).toBeUndefined();
  expect(await idOf(`${NAME}:never`)).toBeUndefined();
  expect(readdirSync(temporary)).toEqual([]);
});

it('a Dockerfile that removes the rest makes the same image, and the result runs', async () => {
  const request = { image: base, command: ['sh', '-c', 'cat /etc/debian_version; ls /etc/apt'] } as const;
  const keep = { listed: 'stub' } as const;
  const direct = await shrinkHere(engine, { ...request, keep });
  const locked = direct.result.keepList;
  await engine.removeImage(direct.result.id);
  const { result } = await shrinkHere(engine, { ...request, locked, builder: 'dockerfile' });
  expect(result).toMatchObject({ id: direct.result.id, verified: true });
  await engine.removeImage(result.id);
});
