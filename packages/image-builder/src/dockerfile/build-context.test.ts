import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type Engine, type ImageDetails, runProgram } from '@keepset/docker-engine';
import { type ImageReader, openImageReader, provideToolbox, toolCommand } from '@keepset/toolbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase, ensureImage } from '../../../../test-fixtures/images.ts';
import { CONFIGURATION_KEYS } from '../configuration/configuration-keys.test-helper.js';
import { toBakeFile } from './bake-file.js';
import { toBuildContext } from './build-context.js';
import { toInstructions } from './instructions.js';

const SOURCE = 'keepset/test-dockerfile:source';
const RESULT = 'keepset/test-dockerfile:result';
const CONFIGURED = `
USER 0
RUN sh /fidelity/make-metadata /live && rm -rf /live/many
ENV A="b \\"c\\" \\$d \\\\ e" EMPTY="" LANG=C
ENTRYPOINT ["/bin/sh", "-c"]
CMD ["echo 'a b' \\"c\\"", ""]
WORKDIR /work
EXPOSE 80/tcp 53/udp
VOLUME ["/volume", "/a volume"]
LABEL org.example.label="of \\"the\\" image \\$x" other=""
HEALTHCHECK --interval=30s --timeout=1500ms --retries=4 CMD test -e "/a b" || exit 1
STOPSIGNAL SIGINT
ONBUILD RUN echo "a b"
SHELL ["/bin/bash", "-c"]
USER 1234:5678
`;
const run = promisify(execFile);

let engine: Engine;
let tools: string;
let folder: string;
let source: ImageDetails;
let reader: ImageReader;

/** A docker client that speaks to BuildKit by itself (before 23) or through buildx: the first one in PATH need not. */
async function findBuildKitClient(): Promise<string> {
  for (const place of (process.env.PATH ?? '').split(delimiter)) {
    const client = join(place, 'docker');
    const answer = async (...args: string[]) =>
      await run(client, args).then(
        ({ stdout }) => stdout,
        () => '',
      );
    const major = Number(/version (\d+)/.exec(await answer('--version'))?.[1] ?? 0);
    if (major >= 18 && (major < 23 || (await answer('buildx', 'version')) !== '')) return client;
  }
  throw new Error("tests need a docker client with BuildKit: install docker-buildx, or Debian's docker.io");
}

const describeTree = async (of: ImageReader) =>
  (await runProgram(of.container, { command: ['/fidelity/describe', '/live'] }))
    .toString('latin1')
    .split('\n');

beforeAll(async () => {
  engine = await connectTestEngine();
  tools = await ensureBase(engine);
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  const dockerfile = `FROM ${await ensureImage(engine, 'metadata')}\n${CONFIGURED}`;
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], {
    tag: SOURCE,
  });
  source = (await engine.inspectImage(SOURCE)) as ImageDetails;
  const toolbox = await provideToolbox(engine, source.id, source.architecture);
  reader = await openImageReader(engine, source, toolbox);
});
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  for (const name of [RESULT, SOURCE]) await engine?.removeImage(name);
  await rm(folder, { recursive: true, force: true });
});

it('a context gives the same files and configuration in BuildKit, without keepset', async () => {
  const find = toolCommand('find', [
    '/live',
    '/fidelity',
    '/lib64',
    '/usr/lib/x86_64-linux-gnu/libc.so.6',
    '-print0',
  ]);
  const found = (await runProgram(reader.container, { command: find }))
    .toString('latin1')
    .split('\0')
    .filter(Boolean);
  const parents = [
    '/',
    '/lib',
    '/usr',
    '/usr/lib',
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib64',
    '/usr/lib64/ld-linux-x86-64.so.2',
    '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
  ];
  const paths = [...new Set([...parents, ...found])].sort();
  const stubs = new Set(['/live/old']);
  for (const { name, content } of toBuildContext({
    config: source.config,
    source: SOURCE,
    tools,
    paths,
    stubs,
  }))
    await writeFile(join(folder, name), content);
  // BuildKit takes a copy of the same content for the same, whatever its times.
  await run(await findBuildKitClient(), ['build', '--no-cache', '--quiet', '--tag', RESULT, folder], {
    env: { ...process.env, DOCKER_BUILDKIT: '1' },
  });

  const result = (await engine.inspectImage(RESULT)) as ImageDetails;
  for (const key of CONFIGURATION_KEYS) expect(result.config[key], key).toEqual(source.config[key]);
  const toolbox = await provideToolbox(engine, result.id, result.architecture);
  await using readResult = await openImageReader(engine, result, toolbox);
  const [before, after] = [await describeTree(reader), await describeTree(readResult)];
  const stubLine = (lines: readonly string[]) => lines.find((line) => line.startsWith('/live/old '));
  expect(stubLine(after)).toMatch(/mtime=981173106\.0+ size=0/);
  const rest = (lines: readonly string[]) =>
    lines
      .filter((line) => !line.startsWith('/live/old ') && !line.startsWith('/live/fifo '))
      // BuildKit's copy fills holes, makes files of hard links and leaves pipes out.
      .map((line) => line.replace(' holes', '').replace(/ same-as=\S+/, ''));
  expect(rest(after)).toEqual(rest(before));
});

describe('a configuration that no Dockerfile can say', () => {
  it.each([
    [{ Env: ['A=two\nlines'] }, /two\\nlines/],
    [{ Env: ['A B=c'] }, /A B/],
    [{ Labels: { a: 'b\nc' } }, /b\\nc/],
    [{ Healthcheck: { Test: ['CMD-SHELL', 'a\nb'] } }, /a\\nb/],
    [{ Healthcheck: { Test: ['CMD-SHELL', 'true \\'] } }, /true/],
    [{ OnBuild: ['RUN a \\ '] }, /RUN a/],
    [{ OnBuild: ['RUN <<END'] }, /END/],
    [{ OnBuild: ['RUN a\nRUN b'] }, /RUN b/],
    [{ ExposedPorts: { '80/tcp\nRUN id': {} } }, /RUN id/],
    [{ ExposedPorts: { '80 $X': {} } }, /80/],
    [{ StopSignal: 'TERM\nRUN id' }, /RUN id/],
    [{ User: 'a\rRUN id' }, /RUN id/],
    [{ WorkingDir: '/a\u2028RUN id' }, /RUN id/],
  ])('%j', (config, message) => {
    expect(() => toInstructions(config)).toThrow(expect.objectContaining({ code: 'BUILD_NO_INSTRUCTION' }));
    expect(() => toInstructions(config)).toThrow(message);
  });
});

it('a variable without a value has an empty one', () => {
  expect(toInstructions({ Env: ['ALONE', 'A=b=c'] })).toEqual(['ENV ALONE=""', 'ENV A="b=c"']);
});

it.each(['x\nRUN id', 'x AS y', '$(id)', '', '--platform=x y'])('a source called %j is none', (source) => {
  const asked = () => toBuildContext({ config: {}, source, paths: ['/'] });
  expect(asked).toThrow(expect.objectContaining({ code: 'BUILD_NO_INSTRUCTION' }));
});

it('a bake file evaluates nothing', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is HCL's template
  const text = toBakeFile([{ name: 'a${b}', context: 'c%{d}', tags: ['"\n}\ntarget "evil" {'] }]);
  expect(text).toContain('"a$${b}"');
  expect(text).toContain('"c%%{d}"');
  expect(text.match(/^target /gm)).toHaveLength(1);
});

it('a bake file names each context', () => {
  expect(
    toBakeFile([
      { name: 'a', context: 'a', tags: ['x:1', 'y'] },
      { name: 'b-2', context: 'b-2', tags: [] },
    ]),
  ).toBe(`group "default" {
  targets = ["a", "b-2"]
}

target "a" {
  context = "a"
  tags = ["x:1", "y"]
}

target "b-2" {
  context = "b-2"
  tags = []
}
`);
});
