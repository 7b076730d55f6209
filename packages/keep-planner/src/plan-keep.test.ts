import { checkTree } from '@keepset/image-tree';
import type { FileAccess, Program } from '@keepset/strace-parser';
import { describe, expect, it } from 'vitest';
import { type ImageNeeds, type KeepPlan, planKeep, type Reason } from './index.js';
import { access, elfProgram, type TestEntry, testSource } from './test-source.test-helper.js';

const NO_NEEDS: ImageNeeds = { volumes: [] };

const image: Record<string, TestEntry> = {
  '/bin': '-> usr/bin',
  '/lib64': '-> usr/lib64',
  '/usr/bin/sh': '-> dash',
  '/usr/bin/dash': { content: elfProgram('/lib64/ld.so') },
  '/usr/bin/env': { content: elfProgram('/lib64/ld.so') },
  '/usr/bin/python3': { content: elfProgram('/lib64/ld.so') },
  '/usr/bin/static': { content: elfProgram(undefined) },
  '/usr/bin/orphan': { content: elfProgram('/lib/none.so') },
  '/usr/bin/far': { content: elfProgram('/lib64/ld.so', { tableAt: 5000, loaderAt: 70_000 }) },
  '/usr/bin/broken': { content: elfProgram('') },
  '/usr/bin/not-executable': { content: 'x', mode: 0o644 },
  '/usr/bin/script': '#!/bin/sh\n',
  '/usr/bin/nested': '#! /usr/bin/script with an argument\n',
  '/usr/bin/relative': '#!tools/run\n',
  '/usr/bin/no-interpreter': '#!/none\n',
  '/usr/bin/by-env': '#!/usr/bin/env python3\n',
  '/usr/bin/by-env-split': '#!/bin/env -S -u HOME by-env-deeper -u\n',
  '/usr/bin/by-env-deeper': '#!/usr/bin/env python3\n',
  '/usr/lib64/ld.so': { content: elfProgram(undefined) },
  '/etc/passwd': 'root',
  '/etc/group': 'root',
  '/etc/os-release': '-> ../usr/lib/os-release',
  '/usr/lib/os-release': 'ID=test',
  '/etc/localtime': '-> /usr/share/zoneinfo/UTC',
  '/usr/share/zoneinfo/UTC': 'TZif',
  '/data/a': 'a',
  '/data/b': 'b',
  '/data/sub/c': 'c',
  '/data/dangling': '-> ../mounted/volume',
  '/var/lib/app': '-> /data/store',
  '/srv/tools/run': { content: elfProgram(undefined) },
  '/jail/bin/prog': '#!/bin/interp\n',
  '/jail/bin/interp': { content: elfProgram(undefined) },
  '/bin-interp': 'x',
  '/tmp': { type: 'directory', mode: 0o1777 },
  '/loop/a': '-> b',
  '/loop/b': '-> a',
};

async function plan(
  accesses: readonly FileAccess[],
  needs: ImageNeeds = NO_NEEDS,
  files: Record<string, TestEntry> = image,
): Promise<KeepPlan> {
  const source = testSource(files);
  const made = await planKeep([{ name: 'main', accesses }], source, { needs });
  // What holds of every plan: the tree is whole, all of it is the source's, and each path has a reason.
  expect(checkTree(made.kept.keys())).toEqual([]);
  for (const [path, { reasons }] of made.kept) {
    expect(source.tree.has(path)).toBe(true);
    expect(reasons.length).toBeGreaterThan(0);
  }
  return made;
}

/** What these accesses add to what is kept without any. */
async function added(
  accesses: readonly FileAccess[],
  needs: ImageNeeds = NO_NEEDS,
): Promise<readonly string[]> {
  const without = await plan([]);
  const made = await plan(accesses, needs);
  return [...made.kept.keys()].filter((path) => !without.kept.has(path));
}

const reasonsOf = (made: KeepPlan, path: string): readonly Reason[] | undefined =>
  [...made.kept].find(([kept]) => kept === path)?.[1].reasons;

describe('accesses', () => {
  it.each<[law: string, accesses: FileAccess[], added: string[]]>([
    ['an opened file stays, with its directory', [access('open', '/data/a')], ['/data', '/data/a']],
    ['what was only looked at stays', [access('stat', '/data/a')], ['/data', '/data/a']],
    ['what is asked for permission stays', [access('access', '/data/a')], ['/data', '/data/a']],
    [
      'a link that is followed stays, and its end',
      [access('open', '/etc/localtime')],
      ['/etc/localtime', '/usr/share', '/usr/share/zoneinfo', '/usr/share/zoneinfo/UTC'],
    ],
    ['a link that is not followed stays alone', [access('readlink', '!/etc/localtime')], ['/etc/localtime']],
    ['a link in the way stays', [access('stat', '/bin/static')], ['/bin', '/usr/bin', '/usr/bin/static']],
    ['a directory that is left by .. stays', [access('open', '/data/../etc/passwd')], ['/data']],
    ['a failed call keeps nothing', [access('open', '/data/a', { errno: 'ENOENT' })], []],
    ['nor does one that says nothing of the file', [access('open', '/data/a', { errno: 'EMFILE' })], []],
    ['nor one that never came back', [access('open', '/data/a', { errno: '?' })], []],
    [
      'an error that only a file can cause keeps it',
      [access('readlink', '!/data/a', { errno: 'EINVAL' })],
      ['/data', '/data/a'],
    ],
    [
      'a file in the way of a path stays',
      [access('open', '/data/a/x', { errno: 'ENOTDIR' })],
      ['/data', '/data/a'],
    ],
    [
      'such an error about what the image lacks keeps the way there',
      [access('create', '/data/new', { errno: 'EEXIST' })],
      ['/data'],
    ],
    [
      'a loop of links stays a loop',
      [access('open', '/loop/a', { errno: 'ELOOP' })],
      ['/loop', '/loop/a', '/loop/b'],
    ],
    [
      'a directory that the run could not remove keeps its smallest entry',
      [access('unlink', '!/data', { errno: 'ENOTEMPTY' })],
      ['/data', '/data/dangling'],
    ],
    [
      'a directory that the run made itself and could not remove keeps the way there, nothing besides',
      [access('unlink', '!/data/new', { errno: 'ENOTEMPTY' })],
      ['/data'],
    ],
    [
      'a directory that could not replace another keeps nothing that it contains',
      [
        access('rename', '!/data/sub', { errno: 'ENOTEMPTY' }),
        access('create', '!/jail/bin', { errno: 'ENOTEMPTY' }),
      ],
      ['/data', '/data/sub', '/jail', '/jail/bin', '/jail/bin/prog'],
    ],
    [
      'a file that the run makes keeps its directory',
      [access('create', '/data/sub/new/file')],
      ['/data', '/data/sub'],
    ],
    [
      'a file made below a dangling link keeps the link',
      [access('write', '/data/dangling')],
      ['/data', '/data/dangling'],
    ],
    [
      'what the image lacks is not kept',
      [access('open', '/proc/cpuinfo'), access('open', '/.keepset/strace')],
      [],
    ],
    [
      "the kernel's own answer stays too",
      [access('open', '/proc/self/fd/3', { realPath: '/data/b' })],
      ['/data', '/data/b'],
    ],
    ['a path that the trace could not place is passed over', [access('open', 'data/a')], []],
    ['a file that the run deletes stays', [access('unlink', '!/data/a')], ['/data', '/data/a']],
    ['a listed directory stays, not its entries', [access('list', '/data')], ['/data']],
    [
      'in another root, the link is looked for there',
      [access('open', '/jail/bin/interp', { root: '/jail' })],
      ['/jail', '/jail/bin', '/jail/bin/interp'],
    ],
    [
      'a working directory outside the root still leads',
      [access('open', '/data/a', { root: '/jail' })],
      ['/data', '/data/a'],
    ],
    [
      'a file under a renamed directory stays under its first name',
      [
        access('rename', '!/data', { other: access('create', '/moved').path }),
        access('open', '/moved//sub/./c'),
      ],
      ['/data', '/data/sub', '/data/sub/c'],
    ],
  ])('%s', async (_law, accesses, paths) => {
    expect(await added(accesses)).toEqual(paths);
  });

  it('counts without end and holds the first call of each run and action', async () => {
    const program: Program = { path: access('stat', '/usr/bin/cat').path, argv: ['cat', 'a'] };
    const accesses = [
      access('open', '/data/a', { line: 7, program }),
      access('open', '/data/../data/a', { line: 9 }),
      access('stat', '/data/a', { line: 11, call: 'newfstatat' }),
      access('open', '/data/a', { line: 12 }),
    ];
    expect(reasonsOf(await plan(accesses), '/data/a')).toEqual([
      { kind: 'access', run: 'main', action: 'open', call: 'openat', line: 7, count: 3, program },
      { kind: 'access', run: 'main', action: 'stat', call: 'newfstatat', line: 11, count: 1 },
    ]);
  });

  it('says what was asked where that is not the path itself', async () => {
    expect(reasonsOf(await plan([access('open', '/bin/sh')]), '/usr/bin/dash')).toMatchObject([
      { asked: '/bin/sh' },
    ]);
  });

  it('names the path for which a link or a directory stays', async () => {
    const made = await plan([access('open', '/bin/sh')]);
    expect(reasonsOf(made, '/bin')).toEqual([{ kind: 'rule', rule: 'link', from: '/usr/bin/dash' }]);
    expect(reasonsOf(made, '/usr/bin')).toEqual([{ kind: 'rule', rule: 'parent', from: '/usr/bin/dash' }]);
  });

  it('names what a run made in a directory', async () => {
    expect(reasonsOf(await plan([access('create', '/data/new')]), '/data')).toEqual([
      { kind: 'rule', rule: 'created', from: '/data/new' },
    ]);
  });

  it('keeps the runs apart', async () => {
    const source = testSource(image);
    const runs = ['one', 'two'].map((name) => ({ name, accesses: [access('open', '/data/a')] }));
    const made = await planKeep(runs, source, { needs: NO_NEEDS });
    expect(reasonsOf(made, '/data/a')).toMatchObject([{ run: 'one' }, { run: 'two' }]);
  });

  it('says where the kernel was led elsewhere', async () => {
    const made = await plan([access('open', '/data/a', { realPath: '/data/b' })]);
    expect(made.warnings).toEqual([
      { kind: 'kernel-differs', path: '/data/a', ours: '/data/a', kernels: '/data/b' },
    ]);
  });

  it('counts what could not be placed', async () => {
    expect((await plan([access('open', 'a'), access('open', 'b')])).warnings).toEqual([
      { kind: 'unplaced', count: 2 },
    ]);
  });

  it('names what was executed and what was listed', async () => {
    const made = await plan([
      access('execute', '/bin/sh'),
      access('execute', '/none', { errno: 'ENOENT' }),
      access('list', '/data'),
    ]);
    expect(made.executed).toEqual(['/usr/bin/dash']);
    expect(made.listed).toEqual(['/data']);
  });
});

const LOADER = ['/lib64', '/usr/lib64', '/usr/lib64/ld.so'];
const SHELL = ['/bin', '/lib64', '/usr/bin', '/usr/bin/dash'];

describe('what a program needs to be executed', () => {
  it.each<[law: string, program: string, added: string[]]>([
    ['its loader', '/usr/bin/dash', ['/lib64', '/usr/bin', '/usr/bin/dash', ...LOADER.slice(1)]],
    ['a static one needs nothing', '/usr/bin/static', ['/usr/bin', '/usr/bin/static']],
    [
      'a loader is found behind the first 4 KiB',
      '/usr/bin/far',
      ['/lib64', '/usr/bin', '/usr/bin/far', ...LOADER.slice(1)],
    ],
    [
      "a script's interpreter, and that one's loader",
      '/usr/bin/script',
      [...SHELL, '/usr/bin/script', '/usr/bin/sh', ...LOADER.slice(1)].sort(),
    ],
    [
      'an interpreter that is a script',
      '/usr/bin/nested',
      [...SHELL, '/usr/bin/nested', '/usr/bin/script', '/usr/bin/sh', ...LOADER.slice(1)].sort(),
    ],
    [
      'env, but not by guess what it starts: the trace shows that',
      '/usr/bin/by-env',
      ['/lib64', '/usr/bin', '/usr/bin/by-env', '/usr/bin/env', ...LOADER.slice(1)],
    ],
  ])('%s', async (_law, program, paths) => {
    expect(await added([access('execute', program)])).toEqual(paths);
  });

  it('looks for a relative interpreter in WORKDIR, and says so', async () => {
    const made = await plan([access('execute', '/usr/bin/relative')], {
      volumes: [],
      workingDirectory: '/srv',
    });
    expect([...made.kept.keys()]).toContain('/srv/tools/run');
    expect(made.warnings).toEqual([
      { kind: 'interpreter-relative', path: '/usr/bin/relative', wanted: 'tools/run' },
    ]);
  });

  it('looks for a relative interpreter where a script was started as ./x', async () => {
    const made = await plan([access('execute', '/srv/./../usr/bin/relative')]);
    expect([...made.kept.keys()]).toContain('/srv/tools/run');
    expect(made.warnings).toEqual([]);
  });

  it('looks for an interpreter in the root of the process', async () => {
    expect(await added([access('execute', '/jail/bin/prog', { root: '/jail' })])).toEqual([
      '/jail',
      '/jail/bin',
      '/jail/bin/interp',
      '/jail/bin/prog',
    ]);
  });

  it.each([
    ['/usr/bin/orphan', { kind: 'loader-missing', path: '/usr/bin/orphan', wanted: '/lib/none.so' }],
    [
      '/usr/bin/no-interpreter',
      { kind: 'interpreter-missing', path: '/usr/bin/no-interpreter', wanted: '/none' },
    ],
    ['/usr/bin/broken', { kind: 'program-unreadable', path: '/usr/bin/broken' }],
  ])('says what is wrong with %s', async (program, warning) => {
    expect((await plan([access('execute', program)])).warnings).toEqual([warning]);
  });

  it('gives up on interpreters that go round in a circle', async () => {
    const made = await plan([access('execute', '/a')], NO_NEEDS, { '/a': '#!/b\n', '/b': '#!/a\n' });
    expect([...made.kept.keys()]).toEqual(['/', '/a', '/b']);
  });
});

describe('what no run shows', () => {
  it('is the skeleton, os-release and what the engine reads', async () => {
    const made = await plan([]);
    expect([...made.kept.keys()]).toEqual([
      '/',
      '/etc',
      '/etc/group',
      '/etc/os-release',
      '/etc/passwd',
      '/tmp',
      '/usr',
      '/usr/lib',
      '/usr/lib/os-release',
    ]);
    expect(reasonsOf(made, '/tmp')).toEqual([{ kind: 'rule', rule: 'skeleton' }]);
    expect(reasonsOf(made, '/etc/passwd')).toEqual([{ kind: 'rule', rule: 'engine', from: 'USER' }]);
  });

  it.each<[law: string, needs: Partial<ImageNeeds>, added: string[]]>([
    ['WORKDIR', { workingDirectory: '/data/sub' }, ['/data', '/data/sub']],
    [
      'where the run begins instead',
      { workingDirectory: '/data', runDirectory: '/data/sub' },
      ['/data', '/data/sub'],
    ],
    ['a relative WORKDIR is passed over', { workingDirectory: 'data' }, []],
    ['the mount point of a volume', { volumes: ['/data/sub', '/none'] }, ['/data', '/data/sub']],
    [
      'a link that leads to a volume',
      { volumes: ['/var/lib/app'] },
      ['/data', '/var', '/var/lib', '/var/lib/app'],
    ],
    [
      "the health check's program, found in PATH",
      { healthcheck: ['CMD', 'static'] },
      ['/usr/bin', '/usr/bin/static'],
    ],
    [
      'its shell, in the shell form',
      { healthcheck: ['CMD-SHELL', 'x'], shell: ['/usr/bin/static', '-c'] },
      ['/usr/bin', '/usr/bin/static'],
    ],
    ['no health check', { healthcheck: ['NONE'] }, []],
    ['the entry point', { entrypoint: ['/srv/tools/run'] }, ['/srv', '/srv/tools', '/srv/tools/run']],
    [
      'the command, relative to WORKDIR',
      { command: ['./run'], workingDirectory: '/srv/tools' },
      ['/srv', '/srv/tools', '/srv/tools/run'],
    ],
    [
      'the command, in the PATH of the image',
      { command: ['run'], path: '/none:/srv/tools' },
      ['/srv', '/srv/tools', '/srv/tools/run'],
    ],
    [
      'what env starts for it, also through a script that is split',
      { command: ['by-env-split'] },
      [
        '/bin',
        ...LOADER,
        '/usr/bin',
        '/usr/bin/by-env-deeper',
        '/usr/bin/by-env-split',
        '/usr/bin/env',
        '/usr/bin/python3',
      ].sort(),
    ],
  ])('%s', async (_law, needs, paths) => {
    expect(await added([], { volumes: [], ...needs })).toEqual(paths);
  });

  it("takes the engine's own shell for the shell form", async () => {
    expect(await added([], { volumes: [], healthcheck: ['CMD-SHELL', 'curl x'] })).toContain('/usr/bin/dash');
  });

  it('says which program is missing or may not be executed', async () => {
    const { warnings: ofEntrypoint } = await plan([], { volumes: [], entrypoint: ['/none'] });
    expect(ofEntrypoint).toEqual([{ kind: 'program-missing', need: 'ENTRYPOINT', wanted: '/none' }]);
    const { warnings: ofCommand } = await plan([], { volumes: [], command: ['not-executable'] });
    expect(ofCommand).toEqual([{ kind: 'program-missing', need: 'CMD', wanted: 'not-executable' }]);
  });

  it('says nothing of a CMD that an ENTRYPOINT takes as its argument, and keeps it where it is a program', async () => {
    const entrypoint = ['/srv/tools/run'];
    const withArgument = await plan([], { volumes: [], entrypoint, command: ['--date=@0'] });
    expect(withArgument.warnings).toEqual([]);
    const withProgram = await plan([], { volumes: [], entrypoint, command: ['static'] });
    expect(withProgram.warnings).toEqual([]);
    expect([...withProgram.kept.keys()]).toContain('/usr/bin/static');
  });
});

describe('the questions to the source', () => {
  it('do not grow with the number of paths', async () => {
    const files: Record<string, TestEntry> = { ...image };
    const accesses: FileAccess[] = [];
    for (let index = 0; index < 500; index++) {
      files[`/many/${index}/program`] =
        index % 2 === 0 ? '#!/usr/bin/nested\n' : { content: elfProgram('/lib64/ld.so') };
      accesses.push(
        access('execute', `/many/${index}/program`),
        access('open', `/bin/../many/${index}/program`),
      );
    }
    const few = testSource(files);
    await planKeep([{ name: 'main', accesses: accesses.slice(0, 4) }], few, { needs: NO_NEEDS });
    const many = testSource(files);
    await planKeep([{ name: 'main', accesses }], many, { needs: NO_NEEDS });
    expect(many.asked).toEqual(few.asked);
    expect(many.asked.links).toBeLessThanOrEqual(6);
    expect(many.asked.heads).toBeLessThanOrEqual(5);
  });

  it('refuse a source that loses links', async () => {
    const source = { ...testSource(image), readLinks: async () => [] };
    await expect(planKeep([], source, { needs: NO_NEEDS })).rejects.toMatchObject({
      code: 'PLAN_BAD_SOURCE',
    });
  });

  it('refuse a source that loses heads', async () => {
    const source = { ...testSource(image), readHeads: async () => [] };
    await expect(
      planKeep([{ name: 'main', accesses: [access('execute', '/bin/sh')] }], source, { needs: NO_NEEDS }),
    ).rejects.toMatchObject({ code: 'PLAN_BAD_SOURCE' });
  });
});
