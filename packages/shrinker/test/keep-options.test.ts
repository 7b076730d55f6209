import type { Engine } from '@keepset/docker-engine';
import type { PlanOptions } from '@keepset/keep-planner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { runHere, shrinkHere } from './shrink-here.ts';

let engine: Engine;
const image = `keepset-test-wishes-${process.pid}`;

const DOCKERFILE = (base: string) => `FROM ${base}
RUN mkdir -p /data/sub && for name in used other sub/deep; do echo "$name" >/data/$name; done \\
 && echo 'machine example.org login me password secret' >/root/.netrc && chmod 600 /root/.netrc \\
 && chmod 640 /data/other && ln -s other /data/link
`;

beforeAll(async () => {
  engine = await connectTestEngine();
  const dockerfile = DOCKERFILE(await ensureBase(engine));
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], {
    tag: image,
  });
});
afterAll(async () => {
  await engine?.removeImage(image);
  await engine?.[Symbol.asyncDispose]();
});

const READ = ['cat', '/data/used'];
/** What tells of /data and /root in a result that has a shell and find besides. */
const LOOK = ['sh', '-c', 'cd /; find data root etc/debian_version 2>/dev/null | sort'];

/** Shrink with a wish, and look at what the result holds, by a program in it. */
async function lookInto(keep: Omit<PlanOptions, 'needs'>, command = READ): Promise<readonly string[]> {
  const runs = [
    { name: 'read', command },
    { name: 'look', command: ['sh', '-c', 'true; find /proc/version; sort /dev/null'] },
  ];
  // What it holds is the question here, not whether it proves itself.
  const { result } = await shrinkHere(engine, { image, runs, keep, verify: false });
  try {
    const { output } = await runHere(engine, result.id, LOOK);
    return output.split('\n').filter((line) => line !== '');
  } finally {
    await engine.removeImage(result.id);
  }
}

describe('what a user wishes is in the image, or is not', () => {
  it.each<[string, Omit<PlanOptions, 'needs'>, readonly string[], readonly string[]]>([
    ['nothing', {}, ['data/used'], ['data/other', 'data/sub', 'data/link', 'etc/debian_version']],
    ['--keep a folder', { keep: ['/data/sub'] }, ['data/sub/deep'], ['data/other']],
    ['--keep a link', { keep: ['/data/link'] }, ['data/link'], ['data/sub']],
    ['--keep a pattern', { keep: ['/data/*e*'] }, ['data/other', 'data/used'], ['data/link']],
    ['--keep-package', { keepPackages: ['base-files'] }, ['etc/debian_version'], ['data/other']],
    ['--round-up dir', { roundUp: 'dir' }, ['data/other', 'data/link'], ['data/sub/deep']],
    ['--drop over --keep', { keep: ['/data'], drop: ['/data/sub'] }, ['data/other'], ['data/sub/deep']],
  ])('%s', async (_title, keep, held, absent) => {
    const found = await lookInto(keep);
    expect(found).toEqual(expect.arrayContaining([...held]));
    for (const path of absent) expect(found).not.toContain(path);
  });

  it('--round-up package keeps a package whole, once one file of it was used', async () => {
    const found = await lookInto({ roundUp: 'package' }, ['cat', '/etc/issue']);
    expect(found).toContain('etc/debian_version');
  });

  it('--drop of what a run opened is an error that names the run', async () => {
    await expect(lookInto({ drop: ['/data/used'] })).rejects.toMatchObject({
      name: 'PlanError',
      message: expect.stringMatching(/\/data\/used.*read/s),
    });
  });
});

describe('a secret that the run reads', () => {
  const command = ['sh', '-c', 'cat /root/.netrc >/dev/null 2>&1; echo done'];
  const request = (secrets?: 'keep' | 'drop' | 'fail') => ({
    image,
    command,
    keep: secrets === undefined ? {} : { secrets },
  });

  it('stays by default, with a warning', async () => {
    const { result } = await shrinkHere(engine, request());
    await engine.removeImage(result.id);
    expect(result.manifest.plan.kept.has('/root/.netrc' as never)).toBe(true);
    expect(result.manifest.plan.warnings).toContainEqual(
      expect.objectContaining({ kind: 'secret', path: '/root/.netrc' }),
    );
  });

  it('goes, if it shall, where the command can do without', async () => {
    const { result } = await shrinkHere(engine, request('drop'));
    const { exitStatus } = await runHere(engine, result.id, command);
    await engine.removeImage(result.id);
    expect(exitStatus).toBe(0);
    expect(result.verified).toBe(true);
    expect(result.manifest.plan.kept.has('/root/.netrc' as never)).toBe(false);
  });

  it('is an error, if it shall be', async () => {
    await expect(shrinkHere(engine, request('fail'))).rejects.toMatchObject({
      name: 'PlanError',
      message: expect.stringContaining('/root/.netrc'),
    });
  });
});
