import { checkTree } from '@keepset/image-tree';
import type { FileAccess } from '@keepset/strace-parser';
import { describe, expect, it } from 'vitest';
import { explainPath, type KeepPlan, type PackageOwners, type PlanOptions, planKeep } from './index.js';
import { elfLibrary } from './libraries/elf-library.test-helper.js';
import { access, elfProgram, type TestEntry, testSource } from './test-source.test-helper.js';

const image: Record<string, TestEntry> = {
  '/lib': '-> usr/lib',
  '/usr/bin/tool': { content: elfProgram('/lib/ld.so') },
  '/usr/lib/ld.so': { content: elfProgram(undefined) },
  '/usr/lib/a.so': 'a',
  '/usr/lib/b.so': 'b',
  '/usr/share/doc/readme.md': 'text',
  '/usr/share/doc/more/deep.md': 'text',
  '/usr/share/doc/link': '-> readme.md',
  '/usr/share/doc/empty': '',
  '/usr/share/doc/fifo': { type: 'fifo', mode: 0o600 },
  '/root/.netrc': 'machine x password y',
  '/root/.ssh/id_rsa': 'key',
  '/root/.ssh/id_rsa.pub': 'public',
  '/srv/.env.example': 'A=1',
  '/srv/.env': '',
};

async function plan(accesses: readonly FileAccess[], options: Partial<PlanOptions>): Promise<KeepPlan> {
  const made = await planKeep([{ name: 'main', accesses }], testSource(image), {
    needs: { volumes: [] },
    ...options,
  });
  expect(checkTree(made.kept.keys())).toEqual([]);
  return made;
}

const files = (made: KeepPlan): string[] => {
  const { tree } = testSource(image);
  return [...made.kept.keys()].filter((path) => tree.get(path)?.type !== 'directory');
};
const rulesOf = (made: KeepPlan, path: string) => {
  return [...made.kept]
    .find(([kept]) => kept === path)?.[1]
    .reasons.filter((reason) => reason.kind === 'rule');
};

describe('programs that are kept', () => {
  const programs: Record<string, TestEntry> = {
    '/bin': '-> usr/bin',
    '/usr/bin/sh': '-> dash',
    '/usr/bin/dash': { content: elfProgram('/lib/ld.so'), mode: 0o755 },
    '/usr/bin/own': { content: elfLibrary({ needed: ['libown.so'] }), mode: 0o755 },
    '/usr/bin/script': { content: '#!/usr/bin/own -x\n', mode: 0o755 },
    '/usr/bin/plain': { content: '#!/usr/bin/own\n', mode: 0o644 },
    '/lib/ld.so': { content: elfProgram(undefined) },
    '/lib/libown.so': { content: elfLibrary({ needed: ['libdeep.so'] }) },
    '/lib/libdeep.so': { content: elfLibrary({ needed: [] }) },
    '/lib/libother.so': { content: elfLibrary({ needed: [] }) },
  };
  const keptOf = async (options: Partial<PlanOptions>) => {
    const source = testSource(programs);
    const made = await planKeep([], source, { needs: { volumes: [] }, ...options });
    return {
      ...made,
      paths: [...made.kept.keys()].filter((path) => source.tree.get(path)?.type !== 'directory'),
    };
  };
  const OWN = ['/lib/libdeep.so', '/lib/libown.so', '/usr/bin/own'];

  it.each<[string, string[]]>([
    ['/usr/bin/own', OWN],
    ['/bin/script', ['/bin', ...OWN, '/usr/bin/script']],
    ['/bin/sh', ['/bin', '/lib/ld.so', '/usr/bin/dash', '/usr/bin/sh']],
    ['/usr/bin/plain', ['/usr/bin/plain']],
    ['/usr/bin/o*n', ['/usr/bin/own']],
  ])('by their path %s bring what they need to be started', async (pattern, expected) => {
    expect((await keptOf({ keep: [pattern] })).paths).toEqual(expected);
  });

  it('for a caller are looked for in PATH, and missed where it needs them', async () => {
    const callersPrograms = [
      { name: 'sh', caller: 'us' },
      { name: '/bin/script', caller: 'us' },
      { name: 'ps', caller: 'us' },
      { name: 'awk', caller: 'us', optional: true },
    ] as const;
    const made = await keptOf({ callersPrograms });
    expect(made.paths).toEqual([
      '/bin',
      '/lib/ld.so',
      '/lib/libdeep.so',
      '/lib/libown.so',
      '/usr/bin/dash',
      '/usr/bin/own',
      '/usr/bin/script',
      '/usr/bin/sh',
    ]);
    expect(made.warnings).toEqual([{ kind: 'program-missing', need: 'us', wanted: 'ps' }]);
    expect(explainPath('/lib/libdeep.so', made).join('\n')).toMatch(
      /needed by[\s\S]*a program that is started by us/,
    );
  });
});

describe('--keep', () => {
  it.each<[pattern: string, kept: string[]]>([
    ['/usr/lib/a.so', ['/usr/lib/a.so']],
    ['/lib/a.so', ['/lib', '/usr/lib/a.so']],
    ['/usr/lib/*.so', ['/usr/lib/a.so', '/usr/lib/b.so', '/usr/lib/ld.so']],
    ['deep.*', ['/usr/share/doc/more/deep.md']],
    ['/usr/share/doc/more', ['/usr/share/doc/more/deep.md']],
    [
      'd?c',
      [
        '/usr/share/doc/empty',
        '/usr/share/doc/fifo',
        '/usr/share/doc/link',
        '/usr/share/doc/more/deep.md',
        '/usr/share/doc/readme.md',
      ],
    ],
    ['/usr/share/doc/link', ['/usr/share/doc/link', '/usr/share/doc/readme.md']],
  ])('%s', async (pattern, kept) => {
    expect(files(await plan([], { keep: [pattern] }))).toEqual(kept);
  });

  it('is the reason', async () => {
    const made = await plan([], { keep: ['*.so'] });
    expect(rulesOf(made, '/usr/lib/a.so')).toEqual([{ kind: 'rule', rule: 'keep', from: '*.so' }]);
  });

  it('is named as a byte string, as every reason', async () => {
    const made = await plan([], { keep: ['/usr/lib/{a.so,\u00e9}'] });
    expect(rulesOf(made, '/usr/lib/a.so')).toEqual([
      { kind: 'rule', rule: 'keep', from: '/usr/lib/{a.so,\u00c3\u00a9}' },
    ]);
  });

  it('warns of a pattern that names nothing', async () => {
    const { warnings } = await plan([], { keep: ['*.none', '/none'], drop: ['nothing'] });
    expect(warnings).toEqual([
      { kind: 'pattern-unmatched', option: 'keep', pattern: '*.none' },
      { kind: 'pattern-unmatched', option: 'keep', pattern: '/none' },
      { kind: 'pattern-unmatched', option: 'drop', pattern: 'nothing' },
    ]);
  });
});

describe('--drop', () => {
  it.each<[law: string, accesses: FileAccess[], options: Partial<PlanOptions>, kept: string[]]>([
    ['wins over what was only looked at', [access('stat', '/usr/lib/a.so')], { drop: ['*.so'] }, []],
    [
      'wins over what could not be opened',
      [access('open', '/usr/lib/a.so', { errno: 'EACCES' })],
      { drop: ['*.so'] },
      [],
    ],
    ['wins over --keep', [], { keep: ['*.so'], drop: ['/lib/a.so'] }, ['/usr/lib/b.so', '/usr/lib/ld.so']],
    [
      'wins over a directory that was only listed',
      [access('open', '/usr/share/doc'), access('list', '/usr/share/doc')],
      { drop: ['/usr/share'] },
      [],
    ],
    [
      'leaves the way to what stays',
      [access('open', '/lib/a.so')],
      { drop: ['/lib', '/usr/lib/b.so'] },
      ['/lib', '/usr/lib/a.so'],
    ],
    [
      'means a link itself, not its end',
      [access('open', '/usr/share/doc/readme.md'), access('readlink', '!/usr/share/doc/link')],
      { drop: ['/usr/share/doc/link'] },
      ['/usr/share/doc/readme.md'],
    ],
  ])('%s', async (_law, accesses, options, kept) => {
    expect(files(await plan(accesses, options))).toEqual(kept);
  });

  it.each<[law: string, accesses: FileAccess[], drop: string, message: RegExp]>([
    [
      'an opened file',
      [access('open', '/lib/a.so', { line: 12 })],
      '*.so',
      /the pattern \*\.so of what to drop names \/usr\/lib\/a\.so, which the run "main" needs \(openat, line 12/,
    ],
    [
      'a program',
      [access('execute', '/usr/bin/tool')],
      '/usr/bin',
      /\/usr\/bin\/tool, which the run "main" needs \(execve/,
    ],
    [
      "a program's loader",
      [access('execute', '/usr/bin/tool')],
      '*.so',
      /\/usr\/lib\/ld\.so, which is the loader of \/usr\/bin\/tool/,
    ],
    [
      'several files',
      [access('open', '/lib/a.so'), access('open', '/lib/b.so')],
      '*.so',
      /a\.so.*so are 1 others/,
    ],
  ])('cannot take %s', async (_law, accesses, drop, message) => {
    const failed = plan(accesses, { drop: [drop] });
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ code: 'PLAN_DROP_NEEDED' });
  });
});

describe('--listed', () => {
  const accesses = [access('list', '/usr/share/doc'), access('open', '/usr/share/doc/readme.md')];

  it('drop keeps the directory and what was opened in it', async () => {
    const made = await plan(accesses, {});
    expect(files(made)).toEqual(['/usr/share/doc/readme.md']);
    expect(made.listed).toEqual(['/usr/share/doc']);
  });

  it('stub keeps every name, and content only where it was opened', async () => {
    const made = await plan([...accesses, access('stat', '/usr/share/doc')], {
      listed: 'stub',
      keep: ['/usr/lib/a.so'],
    });
    expect([...made.kept.keys()].filter((path) => path.startsWith('/usr/share/doc/'))).toEqual([
      '/usr/share/doc/empty',
      '/usr/share/doc/fifo',
      '/usr/share/doc/link',
      '/usr/share/doc/more',
      '/usr/share/doc/readme.md',
    ]);
    expect([...made.kept.values()].filter(({ stub }) => stub)).toEqual([]);
    const all = await plan([access('list', '/usr/share/doc')], { listed: 'stub' });
    expect([...all.kept.values()].filter(({ stub }) => stub).map(({ path }) => path)).toEqual([
      '/usr/share/doc/readme.md',
    ]);
    expect(rulesOf(all, '/usr/share/doc/readme.md')).toEqual([
      { kind: 'rule', rule: 'listed', from: '/usr/share/doc' },
    ]);
  });

  it('keep keeps them whole, but goes into no directory', async () => {
    const made = await plan([access('list', '/usr/share/doc')], { listed: 'keep' });
    expect(files(made)).toEqual([
      '/usr/share/doc/empty',
      '/usr/share/doc/fifo',
      '/usr/share/doc/link',
      '/usr/share/doc/readme.md',
    ]);
    expect([...made.kept.keys()]).toContain('/usr/share/doc/more');
    expect([...made.kept.values()].some(({ stub }) => stub)).toBe(false);
  });

  it('gives way to --keep and --drop', async () => {
    const made = await plan([access('list', '/usr/share/doc')], {
      listed: 'stub',
      keep: ['readme.md'],
      drop: ['fifo'],
    });
    expect([...made.kept.values()].some(({ stub }) => stub)).toBe(false);
    expect(files(made)).not.toContain('/usr/share/doc/fifo');
  });
});

describe('--round-up dir', () => {
  it('keeps the files beside one that was used', async () => {
    const made = await plan([access('open', '/usr/share/doc/readme.md')], { roundUp: 'dir' });
    expect(files(made)).toEqual(['/usr/share/doc/empty', '/usr/share/doc/link', '/usr/share/doc/readme.md']);
    expect(rulesOf(made, '/usr/share/doc/link')).toEqual([
      { kind: 'rule', rule: 'round-up', from: '/usr/share/doc/readme.md' },
    ]);
  });

  it('does not round up what a rule added', async () => {
    expect(files(await plan([], { roundUp: 'dir', keep: ['/usr/lib/a.so'] }))).toEqual(['/usr/lib/a.so']);
  });
});

describe('packages', () => {
  const [a, docs] = [
    { name: 'a', files: ['/usr/lib/a.so', '/usr/share/doc/readme.md', '/not/in/the/image'] },
    {
      name: 'docs',
      files: ['/usr/share/doc/link', '/usr/share/doc/readme.md', '/usr/share/doc/more/deep.md'],
    },
  ];
  const owners: PackageOwners = {
    ownersOf: (path) => [a, docs].filter(({ files }) => files.includes(path)),
    named: (name) => [a, docs].filter((each) => each.name === name),
  };
  const withOwners = async (accesses: readonly FileAccess[], options: Partial<PlanOptions>) =>
    await planKeep(
      [{ name: 'main', accesses }],
      { ...testSource(image), readOwners: async () => owners },
      { needs: { volumes: [] }, ...options },
    );

  it('--round-up package keeps the whole of every package of a used file', async () => {
    const one = await withOwners([access('open', '/usr/lib/a.so')], { roundUp: 'package' });
    expect(files(one)).toEqual(['/usr/lib/a.so', '/usr/share/doc/readme.md']);
    expect(rulesOf(one, '/usr/share/doc/readme.md')).toEqual([
      { kind: 'rule', rule: 'round-up-package', from: '/usr/lib/a.so' },
    ]);
    expect(explainPath('/usr/share/doc/readme.md', one)).toEqual([
      '/usr/share/doc/readme.md is kept',
      '  of one package with a used file: /usr/lib/a.so',
      '    run "main": open (openat, line 1)',
    ]);
    const both = await withOwners([access('open', '/usr/share/doc/readme.md')], { roundUp: 'package' });
    expect(files(both)).toEqual([
      '/usr/lib/a.so',
      '/usr/share/doc/link',
      '/usr/share/doc/more/deep.md',
      '/usr/share/doc/readme.md',
    ]);
  });

  it('--round-up package takes nobody with what a rule added, or what only was missing', async () => {
    const made = await withOwners([access('open', '/usr/lib/a.so', { errno: 'ENOENT' })], {
      roundUp: 'package',
      keep: ['/usr/share/doc/link'],
    });
    expect(files(made)).toEqual(['/usr/share/doc/link', '/usr/share/doc/readme.md']);
  });

  it('--keep-package keeps one that nothing used, and warns of a name that is none', async () => {
    const made = await withOwners([], { keepPackages: ['a', 'none'], drop: ['*.md'] });
    expect(files(made)).toEqual(['/usr/lib/a.so']);
    expect(rulesOf(made, '/usr/lib/a.so')).toEqual([{ kind: 'rule', rule: 'keep-package', from: 'a' }]);
    expect(explainPath('/usr/lib/a.so', made)).toEqual([
      '/usr/lib/a.so is kept',
      '  of the package that is kept whole: a',
    ]);
    expect(made.warnings).toEqual([{ kind: 'pattern-unmatched', option: 'keep-package', pattern: 'none' }]);
  });

  it('are an error where the source knows none', async () => {
    await expect(plan([], { keepPackages: ['a'] })).rejects.toMatchObject({ code: 'PLAN_BAD_SOURCE' });
    await expect(plan([], { roundUp: 'package' })).rejects.toThrow(/readOwners/);
  });
});

describe('--secrets', () => {
  const accesses = [
    '/root/.netrc',
    '/root/.ssh/id_rsa',
    '/root/.ssh/id_rsa.pub',
    '/srv/.env.example',
    '/srv/.env',
  ].map((path) => access('open', path));

  it('keep keeps them and names each', async () => {
    const made = await plan(accesses, { keep: ['*.so'] });
    expect(files(made)).toContain('/root/.netrc');
    expect(made.warnings).toEqual([
      { kind: 'secret', path: '/root/.netrc', pattern: '.netrc', runs: ['main'], dropped: false },
      { kind: 'secret', path: '/root/.ssh/id_rsa', pattern: 'id_rsa', runs: ['main'], dropped: false },
    ]);
  });

  it('drop takes them away, read or not', async () => {
    const made = await plan(accesses, { secrets: 'drop' });
    expect(files(made)).toEqual(['/root/.ssh/id_rsa.pub', '/srv/.env', '/srv/.env.example']);
    expect(made.warnings).toMatchObject([{ dropped: true }, { dropped: true }]);
  });

  it('fail makes no plan', async () => {
    await expect(plan(accesses, { secrets: 'fail' })).rejects.toMatchObject({
      code: 'PLAN_SECRET',
      message: expect.stringMatching(
        /^\/root\/\.netrc, which the run "main" used and 1 others looks like a secret/,
      ),
    });
  });
});

describe('programs with the rights of others', () => {
  it('are named, with the runs that executed them', async () => {
    const source = testSource({
      '/bin/su': { content: '', mode: 0o4755 },
      '/bin/wall': { content: '', mode: 0o2755 },
      '/bin/plain': '',
      '/shared': { type: 'directory', mode: 0o2775 },
    });
    const accesses = [access('execute', '/bin/su'), access('stat', '/bin/wall'), access('stat', '/shared')];
    const plan = await planKeep([{ name: 'main', accesses }], source, { needs: { volumes: [] } });
    expect(plan.warnings).toEqual([
      { kind: 'setuid', path: '/bin/su', mode: 0o4755, runs: ['main'] },
      { kind: 'setuid', path: '/bin/wall', mode: 0o2755, runs: [] },
    ]);
  });
});
