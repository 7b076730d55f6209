import { describe, expect, it } from 'vitest';
import { isShellScript, ownScriptFiles } from './own-scripts.js';
import { scriptProgramsRemoved } from './script-programs-removed.js';
import { signFacts, treeOf } from './sign-facts.test-helper.js';

const TREE = [
  '/bin -> usr/bin',
  '/usr/bin/sh',
  '/usr/bin/envsubst',
  '/usr/bin/dirname',
  '/usr/bin/busybox',
  '/usr/bin/sed -> busybox',
  '/usr/local/bin/tool',
  '/opt/x/own',
];
const SCRIPT = '/docker-entrypoint.d/20-envsubst.sh';

async function messageOf(text: string, kept: readonly string[], path?: string): Promise<string | undefined> {
  const sign = await scriptProgramsRemoved(
    signFacts({
      tree: treeOf(TREE),
      kept,
      scripts: [{ path: SCRIPT, text }],
      ...(path !== undefined && { config: { Env: [`PATH=${path}`] } }),
    }),
  );
  return sign?.message;
}

describe('programs that a kept script names, and that are not kept', () => {
  it.each<[string, string, readonly string[], string | undefined]>([
    ['are told', 'envsubst <a >b; mkdir "$(dirname b)"', [], 'dirname, envsubst'],
    ['are told where a link to them goes', 'sed s/a/b/', ['/usr', '/usr/bin', '/usr/bin/busybox'], 'sed'],
    ['are told by their paths', '/bin/sh -c true', [], '/bin/sh'],
    ['are nothing where they stay', 'envsubst', ['/', '/usr', '/usr/bin', '/usr/bin/envsubst'], undefined],
    ['are nothing where the source lacks them', 'curl -f http://x', [], undefined],
    ['are nothing where they are outside of PATH', 'own', [], undefined],
    ['are nothing where the script has a function of that name', 'sed() { :; }\nsed', [], undefined],
    ['are nothing where they are only asked for', 'command -v envsubst >/dev/null || true', [], undefined],
  ])('%s', async (_what, text, kept, names) => {
    const message = names && `a kept script names programs that are not kept: ${names} (in ${SCRIPT})`;
    expect(await messageOf(text, kept)).toBe(message);
  });

  it('are looked for in the PATH of the image', async () => {
    expect(await messageOf('own', [], '/opt/x:/bin')).toMatch(/own/);
    expect(await messageOf('tool', [], '/opt/x:/bin')).toBeUndefined();
  });
});

describe('the scripts that are read', () => {
  const files = [
    '/entrypoint.sh',
    '/docker-entrypoint.d/10-a.sh',
    '/docker-entrypoint.d/15-b.envsh',
    '/docker-entrypoint.d/90-unused.sh',
    '/usr/local/bin/start',
    '/usr/local/lib/R/bin/R',
    '/usr/bin/ldd',
    '/srv/run',
  ];
  const scriptsOf = (executed: readonly string[], kept: readonly string[] = executed) =>
    ownScriptFiles(
      signFacts({ tree: treeOf(files), executed, kept, isOwned: (path) => path === '/usr/bin/ldd' }),
    );

  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    [
      'those that were executed',
      ['/entrypoint.sh', '/srv/run', '/usr/local/bin/start'],
      [],
      ['/entrypoint.sh', '/srv/run', '/usr/local/bin/start'],
    ],
    [
      'what was read beside them, where scripts are run one by one',
      ['/docker-entrypoint.d/10-a.sh'],
      ['/docker-entrypoint.d/15-b.envsh'],
      ['/docker-entrypoint.d/10-a.sh', '/docker-entrypoint.d/15-b.envsh'],
    ],
    ['none of packages', ['/usr/bin/ldd'], [], []],
    ['none of software that is installed whole', ['/usr/local/lib/R/bin/R'], [], []],
    ['none that was only read', [], ['/entrypoint.sh'], []],
  ])('are %s', (_which, executed, kept, scripts) => {
    expect(scriptsOf(executed, [...executed, ...kept])).toEqual(scripts);
  });

  it('are short', () => {
    const facts = signFacts({ executed: ['/entrypoint.sh'], tree: treeOf([]) });
    expect(ownScriptFiles(facts)).toEqual([]);
  });

  it.each<[string, string, boolean]>([
    ['/x', '#!/bin/sh\n', true],
    ['/x', '#! /usr/bin/env -S bash -e\n', true],
    ['/x', '#!/bin/busybox sh\n', true],
    ['/x', '#!/bin/dash -e', true],
    ['/x', '#!/usr/bin/python3\n', false],
    ['/x', '#!/usr/bin/fish\n', false],
    ['/x', '\x7fELF\0', false],
    ['/x.envsh', 'export A=1\n', true],
    ['/x.sh', '\x7fELF\0', false],
    ['/x.txt', 'text', false],
  ])('isShellScript(%j, %j) is %s', (path, text, isShell) => {
    expect(isShellScript(path, text)).toBe(isShell);
  });
});
