import { describe, expect, it } from 'vitest';
import { explainPath, planKeep } from '../index.js';
import { access, elfProgram, testSource } from '../test-source.test-helper.js';

const source = testSource({
  '/bin': '-> usr/bin',
  '/usr/bin/run': '#!/bin/sh\n',
  '/usr/bin/sh': { content: elfProgram('/lib/ld.so') },
  '/lib/ld.so': { content: elfProgram(undefined) },
  '/data/a\nb': 'x',
  '/unused': 'x',
});
const program = { path: access('stat', '/usr/bin/cat').path, argv: ['cat', 'a\nb'] };
const plan = await planKeep(
  [
    {
      name: 'main',
      accesses: [
        access('execute', '/bin/run', { line: 1 }),
        access('open', '/data/../data/a\nb', { line: 7, program }),
        access('open', '/data/a\nb', { line: 8, program }),
        access('create', '/data/new', { line: 9, program }),
        access('readlink', '/bin/run', { errno: 'EINVAL', line: 10 }),
      ],
    },
  ],
  source,
  { needs: { volumes: ['/data'] } },
);

describe('explainPath', () => {
  it.each<[path: string, lines: string[]]>([
    [
      '/data/a\nb',
      [
        '/data/a\\nb is kept',
        '  run "main": open as /data/../data/a\\nb by cat a\\nb (openat, line 7, 2 times)',
      ],
    ],
    [
      '/lib/ld.so',
      [
        '/lib/ld.so is kept',
        '  the dynamic loader of the program /usr/bin/sh',
        '    the interpreter of the script /usr/bin/run',
        '      run "main": execute as /bin/run (execve, line 1)',
      ],
    ],
    [
      '/usr/bin/run',
      [
        '/usr/bin/run is kept',
        '  run "main": execute as /bin/run (execve, line 1)',
        '  run "main": readlink as /bin/run (readlink, line 10, EINVAL)',
      ],
    ],
    [
      '/data',
      [
        '/data is kept',
        '  where a run made, or had mounted, /data/new',
        '  what the container engine needs for VOLUME',
        '  a directory on the way to /data/a\\nb',
        '    run "main": open as /data/../data/a\\nb by cat a\\nb (openat, line 7, 2 times)',
      ],
    ],
    ['/unused', ['/unused is removed: no run and no rule needs it']],
    ['/none', ['/none is not in the source image']],
  ])('%j', (path, lines) => {
    expect(explainPath(path, { ...plan, tree: source.tree })).toEqual(lines);
  });

  it('without the source only says that a path is not kept', () => {
    expect(explainPath('/unused', plan)).toEqual(['/unused is not kept']);
  });

  it('explains every kept path by what ends the chain', () => {
    for (const path of plan.kept.keys()) expect(explainPath(path, plan).length).toBeGreaterThan(1);
  });

  it('does not take a pattern for a path', () => {
    const reasons = [{ kind: 'rule' as const, rule: 'keep' as const, from: '/a' }];
    const kept = new Map([
      ['/a', { reasons }],
      ['/a/b', { reasons }],
    ]);
    expect(explainPath('/a/b', { kept })).toEqual(['/a/b is kept', '  asked for by the pattern /a']);
  });

  it('shows a few reasons of many', () => {
    const reasons = Array.from({ length: 9 }, (_, index) => ({
      kind: 'access' as const,
      run: `run ${index}`,
      action: 'open' as const,
      call: 'openat',
      line: index,
      count: 1,
    }));
    const lines = explainPath('/x', { kept: new Map([['/x', { reasons }]]) });
    expect(lines).toHaveLength(7);
    expect(lines.at(-1)).toBe('  and 4 more reasons');
  });

  it('ends even where reasons go round in a circle', () => {
    const by = (from: string) => ({
      reasons: [{ kind: 'rule' as const, rule: 'interpreter' as const, from }],
    });
    const kept = new Map([
      ['/a', by('/b')],
      ['/b', by('/a')],
    ]);
    expect(explainPath('/a', { kept })).toHaveLength(3);
  });
});
