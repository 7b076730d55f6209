// What a recording and a rerun know of containers, on any engine that the docker command can speak to.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectEngine, resolveEngineAddress } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBase } from '../../../test-fixtures/images.ts';
import { openRecorder, openRerun } from '../src/index.js';

const OWNER = `test-any-engine-${process.pid}`;
const NAME = `keepset-${OWNER}`;
const opened = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'test-any-engine-'));
const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
let engine: Awaited<ReturnType<typeof connectEngine>>;
let image: string;

beforeAll(async () => {
  engine = opened.use(await connectEngine({ address, owner: OWNER }));
  image = await ensureBase(engine);
});
afterAll(async () => {
  await opened.disposeAsync();
  rmSync(folder, { recursive: true });
});

const SCRIPT = `
docker run --name ${NAME}-1 --network none $I sh -c 'echo out; exit 7'; docker rm ${NAME}-1
docker run --rm --network none -u nobody $I perl -e 'print "hello\\n"'
docker run -d --name ${NAME} --network none $I sleep 60
docker exec -u nobody ${NAME} sh -c 'id -un; exit 3'
docker inspect -f '{{.Path}} {{.Config.User}} {{json .Mounts}}' ${NAME}
docker rm -f ${NAME}
`;

async function runScript(host: string): Promise<string> {
  const env = { ...process.env, DOCKER_CONTEXT: '', DOCKER_HOST: host, I: image };
  return (await promisify(execFile)('sh', ['-c', SCRIPT], { env })).stdout;
}

const newFolder = (name: string) => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};
/** What is the same of a container that was recorded and of one that was run again. */
const FACTS = [
  { exitStatus: 7, output: { stdout: { sizeBytes: 4 } }, execs: [] },
  { exitStatus: 0, output: { stdout: { sizeBytes: 6 } }, execs: [] },
  {
    exitStatus: 137,
    execs: [
      {
        command: ['sh', '-c', 'id -un; exit 3'],
        exitStatus: 3,
        output: { stdout: { sizeBytes: 7 }, stderr: { sizeBytes: 0 } },
      },
    ],
  },
];

it('is recorded, and known when it is run again', async () => {
  await using recorder = await openRecorder(engine, {
    ...{ address, owner: OWNER },
    folder: newFolder('recorded'),
  });
  const shown = await runScript(recorder.address);
  expect(shown).toContain('out\n');
  expect(shown).toContain('hello\n');
  expect(shown).toContain('nobody\nsleep  []\n');
  const { containers, untraced } = await recorder.finish();
  expect(untraced).toEqual([]);
  expect(containers).toMatchObject(FACTS);
  for (const { launches } of containers) expect(launches).toMatchObject([{ isLaunched: true }]);

  await using rerun = await openRerun(engine, { address, owner: OWNER, folder: newFolder('rerun') });
  await runScript(rerun.address);
  expect(await rerun.finish()).toMatchObject(FACTS);
});
