import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHRINK } from '../definitions/shrink.js';
import { helpText } from '../options/help-text.js';
import { parseCommandLine } from '../options/parse-command-line.js';
import { UsageError } from '../options/usage-error.js';
import { type ShrinkArguments, toShrinkArguments } from './to-shrink-arguments.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-parse-'));
const file = (name: string) => join(folder, name);
beforeAll(() => {
  writeFileSync(file('variables'), '# comment\nA=1\n\nB=two words\r\nPASSED_ON\nNOT_THERE\n');
  writeFileSync(file('seccomp.json'), '{ "defaultAction": "SCMP_ACT_ALLOW" }');
  writeFileSync(file('bad.json'), '{');
  writeFileSync(file('patterns'), '# mine\n/a/**\n\n  *.md  \n');
  writeFileSync(file('keep.txt'), '/bin\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const client = (environment: Record<string, string> = {}) => ({ environment, workingDirectory: '/home/me' });

async function parse(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<ShrinkArguments> {
  const line = parseCommandLine(args, SHRINK, environment);
  if (typeof line === 'string') throw new Error('help was asked for');
  return await toShrinkArguments(line, client(environment));
}

async function errorOf(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<UsageError> {
  const error = await parse(args, environment).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  return error as UsageError;
}

describe('options end at IMAGE', () => {
  it.each<[readonly string[], string, readonly string[]]>([
    [['-t', 'o', 'img'], 'img', []],
    [
      ['-t', 'o', 'img', 'cat', '-t', 'x', '--help', '--no-such'],
      'img',
      ['cat', '-t', 'x', '--help', '--no-such'],
    ],
    [['-t', 'o', 'img', '--', 'a', '--'], 'img', ['--', 'a', '--']],
    [['-t', 'o', '--', 'img', '-x'], 'img', ['-x']],
    [['-t', 'o', 'img', '', '007', '1e3', '-1', 'true'], 'img', ['', '007', '1e3', '-1', 'true']],
    [['-t', 'o', '-i', 'img', '-i'], 'img', ['-i']],
    [['-t', 'o', '--read-only', 'img', 'x'], 'img', ['x']],
    [['-t', 'o', '-e', '-x', 'img'], 'img', []],
    [['-to', 'img', '-eA'], 'img', ['-eA']],
    [['-t', 'o', '-', 'x'], '-', ['x']],
    [['-t', 'o', '0', '0'], '0', ['0']],
  ])('%j', async (args, image, command) => {
    expect(await parse(args)).toMatchObject({ image, command });
  });
});

describe('a trace that is given with --from', () => {
  it('may be told again which programs it names, and that it is trusted', async () => {
    const args = [
      '-t',
      'o',
      '--from',
      'a.trace',
      '--probe',
      'make check',
      '--exec',
      'true',
      '-v',
      '/a:/b',
      '--trust',
    ];
    expect(await parse(args)).toMatchObject({
      from: ['a.trace'],
      trust: true,
      run: { volume: ['/a:/b'] },
      service: {
        steps: [
          { kind: 'exec', command: ['true'] },
          { kind: 'probe', command: 'make check' },
        ],
      },
    });
  });

  it.each([
    [['-t', 'o', '--from', 'a.trace', '--http', '/'], /--from takes saved traces/],
    [['-t', 'o', '--trust', 'img'], /--trust is for --from FILE/],
  ])('%j is refused', async (args, message) => {
    await expect(parse(args)).rejects.toThrow(message);
  });
});

describe('an option of docker run', () => {
  it.each<[readonly string[], object]>([
    [['-e', 'A=1', '--env', 'B=2', '-e=C=3'], { env: ['A=1', 'B=2', 'C=3'] }],
    [
      ['-eA=1', '-u7', '-w/srv', '-ieB=2'],
      { env: ['A=1', 'B=2'], user: '7', workdir: '/srv', interactive: true },
    ],
    [['-e', '-x=1', '--entrypoint', '--help'], { env: ['-x=1'], entrypoint: '--help' }],
    [['-e', 'A=x=y,z w'], { env: ['A=x=y,z w'] }],
    [['-v', '/a:/b', '--volume=/c:/d:ro'], { volume: ['/a:/b', '/c:/d:ro'] }],
    [
      ['-v', './data:/data', '-v', '../x:/y', '-v', '.:/z', '-v', 'named:/n', '-v', '/only'],
      { volume: ['/home/me/data:/data', '/home/x:/y', '/home/me:/z', 'named:/n', '/only'] },
    ],
    [['-w', '/srv', '-u', '1000:1000'], { workdir: '/srv', user: '1000:1000' }],
    [['-h', 'name'], { hostname: 'name' }],
    [['-m', '512m', '--cpus', '1.50'], { memory: '512m', cpus: '1.50' }],
    [['-p', '80:80', '-p', '53:53/udp'], { publish: ['80:80', '53:53/udp'] }],
    [['-i', '--tty'], { interactive: true, tty: true }],
    [['--entrypoint', ''], { entrypoint: '' }],
    [['--entrypoint', '/bin/sh', '--init'], { entrypoint: '/bin/sh', init: true }],
    [
      ['--network', 'none', '--add-host', 'a:1.2.3.4', '--dns', '1.1.1.1'],
      { network: 'none', addHost: ['a:1.2.3.4'], dns: ['1.1.1.1'] },
    ],
    [
      ['--cap-add', 'NET_RAW', '--cap-drop', 'ALL', '--group-add', '7'],
      { capAdd: ['NET_RAW'], capDrop: ['ALL'], groupAdd: ['7'] },
    ],
    [
      ['--mount', 'type=tmpfs,target=/t', '--tmpfs', '/u:size=1m', '--shm-size', '64m'],
      { mount: ['type=tmpfs,target=/t'], tmpfs: ['/u:size=1m'], shmSize: '64m' },
    ],
    [
      ['--ulimit', 'nofile=9:9', '--sysctl', 'a.b=1', '--device', '/dev/null'],
      { ulimit: ['nofile=9:9'], sysctl: ['a.b=1'], device: ['/dev/null'] },
    ],
    [
      ['--gpus', 'all', '--stop-signal', 'SIGINT', '--platform', 'linux/amd64'],
      { gpus: 'all', stopSignal: 'SIGINT', platform: 'linux/amd64' },
    ],
    [['--security-opt', 'no-new-privileges'], { securityOpt: ['no-new-privileges'] }],
    [['--read-only'], { readOnly: true }],
    [['--no-read-only'], { readOnly: false }],
    [['-w', '/first', '-w', '/last'], { workdir: '/last' }],
    [[], {}],
  ])('%j', async (args, run) => {
    expect((await parse(['-t', 'o', ...args, 'img'])).run).toEqual(run);
  });

  it('--env-file and -e NAME pass on what the caller has', async () => {
    const args = ['-t', 'o', '--env-file', file('variables'), '-e', 'PASSED_ON', '-e', 'C', 'img'];
    expect((await parse(args, { PASSED_ON: 'v' })).run.env).toEqual([
      'A=1',
      'B=two words',
      'PASSED_ON=v',
      'PASSED_ON=v',
    ]);
  });

  it('--security-opt seccomp=FILE sends the profile itself', async () => {
    const args = [
      '-t',
      'o',
      '--security-opt',
      `seccomp=${file('seccomp.json')}`,
      '--security-opt',
      'seccomp=unconfined',
      'img',
    ];
    expect((await parse(args)).run.securityOpt).toEqual([
      'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}',
      'seccomp=unconfined',
    ]);
  });

  it('is told again in the words of docker run', async () => {
    const args = ['-t', 'o', '-e', 'A=1', '-e', 'B', '-i', '--read-only', '-u', '7', 'img'];
    expect((await parse(args)).runArguments).toEqual([
      '--env',
      'A',
      '--env',
      'B',
      '--interactive',
      '--read-only',
      '--user',
      '7',
    ]);
  });

  it('is told again with what the first of several runs says for itself', async () => {
    const project =
      'image: img\nruns:\n  - {name: a, command: b, env: {C: d}, workdir: /w}\n  - {name: e, user: 8}\n';
    writeFileSync(file('keepset.yaml'), project);
    const args = [
      '-t',
      'o',
      '-f',
      file('keepset.yaml'),
      '--env-file',
      file('variables'),
      '-w',
      '/',
      '-u',
      '7',
    ];
    expect((await parse(args)).runArguments).toEqual(['--env', 'C', '--user', '7', '--workdir', '/w']);
  });
});

describe('an option of keepset', () => {
  it.each<[readonly string[], object]>([
    [
      [],
      {
        verify: { verify: true },
        runs: [],
        builder: 'direct',
        layers: 'one',
        remainder: undefined,
        metadata: 'used',
        sbom: false,
        attest: false,
        provenance: false,
        vexFile: undefined,
        signFile: undefined,
        archive: undefined,
        allowFailure: false,
        quiet: false,
        json: false,
        toolbox: { source: 'auto' },
        keep: {},
        keepListFile: undefined,
        manifestFile: undefined,
        locked: undefined,
      },
    ],
    [['-t', 'p:1', '--tag=q'], { tags: ['o', 'p:1', 'q'] }],
    [
      ['--run', "a=cat 'b c'", '--run', 'd=ls', '--check', 'e=id -u', '--checks', 'advise'],
      {
        runs: [
          { name: 'a', command: ['cat', 'b c'] },
          { name: 'd', command: ['ls'] },
        ],
        verify: { checks: [{ name: 'e', command: ['id', '-u'] }], checksAdvise: true },
      },
    ],
    [
      ['--repair', '0', '--ignore-output', '^seed é', '--ignore-output', 'pid', '--ignore-file', '*.log'],
      {
        verify: {
          verify: true,
          repairRounds: 0,
          ignoreOutput: [/^seed \xc3\xa9/g, /pid/g],
          ignoreFiles: ['*.log'],
        },
      },
    ],
    [
      ['--no-verify', '--allow-failure', '-q', '--json'],
      { verify: { verify: false }, allowFailure: true, quiet: true, json: true },
    ],
    [['--toolbox', 'image=x:y'], { toolbox: { source: 'image=x:y' } }],
    [['--toolbox', 'install'], { toolbox: { source: 'install' } }],
    [['--toolbox', './box'], { toolbox: { source: 'dir=./box' } }],
    [['--toolbox', '/box'], { toolbox: { source: 'dir=/box' } }],
    [
      ['--keep', '/srv/robots.txt', '--keep', '/usr/share', '--keep', '*.md'],
      { keepListFile: undefined, keep: { keep: ['/srv/robots.txt', '/usr/share', '*.md'] } },
    ],
    [['--keep-list', 'k', '--keep', '/a'], { keepListFile: 'k', keep: { keep: ['/a'] } }],
    [
      ['--drop', '/a', '--drop', 'b/*', '--listed', 'stub'],
      { keep: { drop: ['/a', 'b/*'], listed: 'stub' } },
    ],
    [['--round-up', 'dir', '--secrets', 'fail'], { keep: { roundUp: 'dir', secrets: 'fail' } }],
    [
      ['--round-up', 'package', '--keep-package', 'ggplot2', '--keep-package', 'deb:libc6'],
      { keep: { roundUp: 'package', keepPackages: ['ggplot2', 'deb:libc6'] } },
    ],
    [
      ['--keep-file', file('patterns'), '--drop-file', file('patterns'), '--keep', '/k'],
      { keep: { keep: ['/k', '/a/**', '*.md'], drop: ['/a/**', '*.md'] } },
    ],
    [
      ['--for', 'kubernetes', '--for', 'gitlab'],
      {
        keep: {
          callersPrograms: expect.arrayContaining([
            { name: 'tar', caller: 'kubernetes' },
            { name: 'bash', caller: 'gitlab', optional: true },
          ]),
        },
      },
    ],
    [['--locked', file('keep.txt')], { locked: '/bin\n' }],
    [['--builder', 'dockerfile'], { builder: 'dockerfile' }],
    [['--layers', 'by-package', '--remainder', 'r:1'], { layers: 'by-package', remainder: 'r:1' }],
    [['--metadata', 'none'], { metadata: 'none' }],
    [['--sbom', '--push'], { sbom: true, push: true }],
    [
      ['--attest', '--provenance', '--vex', 'grype.json', '--sign', 'key.pem', '--push'],
      { attest: true, provenance: true, vexFile: 'grype.json', signFile: 'key.pem' },
    ],
    [
      [
        '--archive',
        'paper.zip',
        '--archive-metadata',
        'm.yaml',
        '--archive-inputs',
        'in',
        '--archive-env',
        'A',
      ],
      { archive: { destination: 'paper.zip', metadataFile: 'm.yaml', inputs: ['in'], variables: ['A'] } },
    ],
  ])('%j', async (args, expected) => {
    expect(await parse(['-t', 'o', ...args, 'img'])).toMatchObject(expected);
  });
});

describe('the environment', () => {
  it.each<[Record<string, string>, readonly string[], object]>([
    [{ KEEPSET_TAG: 'a\nb' }, ['img'], { tags: ['a', 'b'] }],
    [
      { KEEPSET_ENV: 'A=1\nB=2 3' },
      ['-t', 'o', '-e', 'C=4', 'img'],
      { run: { env: ['A=1', 'B=2 3', 'C=4'] } },
    ],
    [{ KEEPSET_USER: 'a' }, ['-t', 'o', '-u', 'b', 'img'], { run: { user: 'b' } }],
    [
      { KEEPSET_READ_ONLY: 'yes', KEEPSET_VERIFY: '0' },
      ['-t', 'o', 'img'],
      { run: { readOnly: true }, verify: { verify: false } },
    ],
    [{ KEEPSET_VERIFY: 'false' }, ['-t', 'o', '--verify', 'img'], { verify: { verify: true } }],
    [{ KEEPSET_WORKDIR: '' }, ['-t', 'o', 'img'], { run: {} }],
    [
      { DOCKER_FLAGS: '-it -eA=1' },
      ['-t', 'o', 'img'],
      { tags: ['o'], run: { interactive: true, tty: true, env: ['A=1'] } },
    ],
    [
      { DOCKER_FLAGS: `-e 'A=b c' --read-only -v "/x y:/z"` },
      ['-t', 'o', 'img'],
      { run: { env: ['A=b c'], readOnly: true, volume: ['/x y:/z'] } },
    ],
    [{ DOCKER_DEFAULT_PLATFORM: 'linux/arm64' }, ['-t', 'o', 'img'], { run: { platform: 'linux/arm64' } }],
  ])('%j', async (environment, args, expected) => {
    expect(await parse(args, environment)).toMatchObject(expected);
  });

  it.each([
    [{ KEEPSET_INIT: 'perhaps' }, /KEEPSET_INIT=perhaps/],
    [{ DOCKER_FLAGS: '-e A=1 | cat' }, /DOCKER_FLAGS holds '\|'/],
    [{ DOCKER_FLAGS: '--no-such' }, /no option --no-such/],
    [{ DOCKER_FLAGS: '-i alpine' }, /DOCKER_FLAGS holds 'alpine'/],
  ])('%j is an error', async (environment, message) => {
    expect((await errorOf(['-t', 'o', 'img'], environment as Record<string, string>)).message).toMatch(
      message,
    );
  });
});

it.each<[readonly string[], RegExp]>([
  [['-t', 'o', '--no-such', 'img'], /no option --no-such/],
  [['-t', 'o', '--keep-pakage', 'x', 'img'], /no option --keep-pakage/],
  [['-t', 'o', '-z', 'img'], /no option -z/],
  [['img'], /the result has no name/],
  [['-t', 'o'], /no image given/],
  [[], /no image given/],
  [['-t'], /--tag: the value is missing/],
  [['-t', 'o', '--toolbox', 'x', 'img'], /--toolbox x: not valid/],
  [['-t', 'o', '--listed', 'all', 'img'], /listed.*"all"/],
  [['-t', 'o', '--env-file', '/no/such', 'img'], /--env-file: cannot read \/no\/such \(ENOENT\)/],
  [['-t', 'o', '--security-opt', `seccomp=${file('bad.json')}`, 'img'], /is not JSON/],
  [['-t', 'o', '--repair', 'often', 'img'], /--repair/],
  [['-t', 'o', '--run', 'a=b', 'img', 'c'], /unexpected argument 'c'/],
  [['-t', 'o', '--check', 'b', 'img'], /--check b: the name is missing/],
  [['-t', 'o', '--checks', 'perhaps', 'img'], /checks.*"perhaps"/],
  [['-t', 'o', '--repair=-1', 'img'], /--repair -1: not a whole number from 0 to 20/],
  [['-t', 'o', '--ignore-output', '(', 'img'], /--ignore-output \( cannot be read/],
  [['-t', 'o', '--no-verify', '--repair', '1', 'img'], /--repair and --no-verify exclude each other/],
  [['-t', 'o', '--for', 'airflow', 'img'], /--for "airflow": not valid/],
  [['-t', 'o', '--keep', 'keep.txt', 'img'], /--keep keep\.txt: no path of the image/],
  [['-t', 'o', '--keep-file', '/no/such', 'img'], /--keep-file: cannot read/],
  [['-t', 'o', '--manifest', '/no/such/m.json', 'img'], /--manifest: cannot write/],
  [['-t', 'o', '--locked', '/no/such', 'img'], /--locked: cannot read/],
  [['-t', 'o', '--layers', 'by-package', '--builder', 'dockerfile', 'img'], /makes one layer/],
  [['-t', 'o', '--sbom', '-o', 'type=tar,dest=x.tar', 'img'], /--sbom needs an OCI image or a registry/],
  [['-t', 'o', '--attest', 'img'], /--attest needs an OCI image or a registry/],
  [['-t', 'o', '--vex', 'grype.json', '-o', 'type=tar,dest=x.tar', 'img'], /--vex needs an OCI image/],
  [['-t', 'o', '--sign', 'key.pem', 'img'], /--sign has nothing to sign/],
  [['-t', 'o', '--sign', 'key.pem', '--sbom', '--push', 'img'], /--sign has nothing to sign/],
  [['-t', 'o', '--archive-inputs', 'in', 'img'], /--archive-inputs is for --archive PATH/],
  [['-o', 'type=oci,dest=x.tar', '--archive', 'paper', 'img'], /without -t no engine has it/],
  [['-t', 'o', '--layers', 'by-package', '-o', '-', 'img'], /type=tar has no layers/],
  [
    ['-t', 'o', '--locked', file('keep.txt'), '--drop', '/a', 'img'],
    /--drop and --locked exclude each other/,
  ],
])('%j is a usage error of one line, with a way out', async (args, message) => {
  const error = await errorOf(args);
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain('\n');
});

it('--help names every option, also among others', () => {
  expect(parseCommandLine(['-t', 'o', '--help'], SHRINK, {})).toBe('help');
  const help = helpText(SHRINK, { columns: 80, all: true });
  for (const name of ['--keep-list', '--locked', '--listed', '--env-file', '--shm-size', '-h, --hostname'])
    expect(help).toContain(name);
});
