import type { ImageConfig } from '@keepset/docker-engine';
import type { KeepPlan, KeptPath } from '@keepset/keep-planner';
import type { RealPath } from '@keepset/symlink-resolver';
import { describe, expect, it } from 'vitest';
import { findOverShrink } from './find-over-shrink.js';
import type { ShrunkRun } from './shrink-facts.js';
import { signTree } from './sign-facts.test-helper.js';
import { findSoftware } from './software-folders.js';

/** Sizes of files in megabytes, by path. */
type Files = Readonly<Record<string, number>>;

const image: Files = {
  '/bin/sh': 1,
  '/bin/prog': 1,
  '/usr/lib/x86_64-linux-gnu/libc.so': 2,
  '/usr/share/doc/x/copyright': 40,
  '/opt/lab/bin/start': 1,
  '/opt/lab/share/app.js': 150,
  '/usr/lib/python3/dist-packages/pandas/core.so': 60,
  '/usr/lib/python3/dist-packages/six.py': 0.01,
  '/home/work/analysis.py': 0.001,
};

/** In the form that `signTree` takes. */
const inMegabytes = (files: Files) =>
  Object.fromEntries(
    Object.entries(files).map(([path, megabytes]) => [path, { sizeBytes: megabytes * 1e6 }]),
  );

function signs(
  used: readonly string[],
  {
    executed = ['/bin/prog'],
    config = {},
    run = {},
    files = image,
  }: {
    executed?: readonly string[];
    config?: ImageConfig;
    run?: Partial<ShrunkRun>;
    files?: Files;
  } = {},
) {
  const reasons = [{ kind: 'access' } as unknown as KeptPath['reasons'][number]];
  const plan: KeepPlan = {
    kept: new Map(used.map((path) => [path as RealPath, { path: path as RealPath, reasons }])),
    executed: executed as readonly RealPath[],
    listed: [],
    warnings: [],
  };
  return findOverShrink({
    config,
    tree: signTree(inMegabytes(files)),
    plan,
    runs: [{ exitStatus: 0, seconds: 9, ...run }],
    isOwned: () => false,
    scripts: [],
  });
}

const kinds = async (...given: Parameters<typeof signs>) => (await signs(...given)).map(({ kind }) => kind);
const ALL = Object.keys(image);
const ASKED = { awaited: [], steps: 1 };

describe('a run that was all that is wanted gives no sign', () => {
  it.each<[string, Parameters<typeof signs>]>([
    ['one that uses the software', [['/bin/prog', '/opt/lab/share/app.js']]],
    ['one that uses WORKDIR', [ALL, { config: { WorkingDir: '/home/work' } }]],
    ['one in a WORKDIR without files', [ALL, { config: { WorkingDir: '/root' } }]],
    ['a shell that starts something', [ALL, { executed: ['/bin/sh', '/bin/prog'] }]],
    ['a server that was asked for a while', [ALL, { config: { ExposedPorts: { '80/tcp': {} } } }]],
    ['a service that was killed when it did not stop', [ALL, { run: { exitStatus: 137, service: ASKED } }]],
    ['processes that were told to end', [ALL, { run: { killedBy: ['SIGTERM', 'SIGPIPE'] } }]],
    ['two runs that used the same', [ALL, { run: { unsteady: [] } }]],
    [
      'a small image of which little is used',
      [['/a'], { files: { '/a': 0.001, '/usr/lib/x86_64-linux-gnu/b': 90 } }],
    ],
    [
      'a keep list that was made before, of which nobody knows what was executed',
      [['/opt/lab/bin/start', '/usr/share/doc/x/copyright'], { executed: [] }],
    ],
  ])('%s', async (_what, given) => {
    expect(await kinds(...given)).toEqual([]);
  });
});

describe('a run that was too little gives a sign', () => {
  it.each<[string, string, Parameters<typeof signs>]>([
    ['only-launcher', 'a shell alone', [ALL, { executed: ['/bin/dash', '/usr/bin/env', '/sbin/tini'] }]],
    [
      'server-not-asked',
      'a server that ended at once',
      [ALL, { config: { ExposedPorts: { '8888/tcp': {} } }, run: { seconds: 0.4 } }],
    ],
    [
      'software-unused',
      'nothing of what the image is for',
      [['/bin/sh', '/usr/lib/x86_64-linux-gnu/libc.so', '/usr/share/doc/x/copyright']],
    ],
    [
      'workdir-unused',
      'nothing of WORKDIR',
      [['/opt/lab/share/app.js'], { config: { WorkingDir: '/home/work/' } }],
    ],
    ['process-killed', 'a child that died of a fault', [ALL, { run: { killedBy: ['SIGSEGV'] } }]],
    ['process-killed', 'a service that crashed', [ALL, { run: { exitStatus: 139, service: ASKED } }]],
    ['process-killed', 'a command that was killed', [ALL, { run: { exitStatus: 137 } }]],
    ['runs-differ', 'two runs that used other files', [ALL, { run: { unsteady: ['/a\xff', '/b'] } }]],
    ['very-small', 'almost nothing of a large image', [['/bin/prog'], { executed: [] }]],
  ])('%s: %s', async (kind, _what, given) => {
    const found = await signs(...given);
    expect(found.map((sign) => sign.kind)).toEqual([kind]);
    expect(found[0]?.message).not.toMatch(/\.$/);
    expect(found[0]?.cure).not.toBe('');
  });
});

it('knows where software lies', () => {
  expect(findSoftware(signTree(inMegabytes(image)))).toEqual([
    { path: '/opt/lab', sizeBytes: 151e6 },
    { path: '/usr/lib/python3', sizeBytes: 60.01e6 },
    { path: '/usr/lib/python3/dist-packages/pandas', sizeBytes: 60e6 },
  ]);
});
