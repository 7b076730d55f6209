import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ensurePackages } from '../../../../test-fixtures/ensure-programs.ts';
import schema from '../../fixtures/oci-seccomp.schema.json' with { type: 'json' };
import { findRights } from '../find-rights.js';
import type { Hardening } from '../hardening.js';
import { observe } from '../observed.test-helper.js';
import { hardeningFiles } from './hardening-files.js';

const run = promisify(execFile);

const lines = [
  'socket(AF_INET, SOCK_STREAM, 0) = 3<socket:[1]>',
  'bind(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
  'clone(child_stack=NULL, flags=SIGCHLD) = 9',
  'personality(PER_LINUX) = 0',
];

const hardening: Hardening = {
  ...findRights([await observe(lines)], { architecture: 'amd64' }),
  gaining: [],
  writable: [
    { path: '/tmp', kind: 'tmpfs', mode: 0o1777, executable: true, because: '/tmp/x' },
    { path: '/var/lib/app', kind: 'volume', because: '/var/lib/app/state' },
  ],
  rootWrites: [],
  runs: ['main'],
  images: ['registry.example/team/web:small'],
  engines: ['Docker 20.10'],
  used: {
    programs: ['/usr/sbin/app'],
    folders: ['/usr/sbin'],
    listed: ['/etc/app.d', '/usr/sbin'],
    mounts: [{ path: '/data' }, { path: '/etc/app.conf', readOnly: true }],
  },
  seen: { processes: 2, files: 5 },
};
const files = await hardeningFiles(hardening);
const text = (name: string) => files.get(name) ?? '';

describe('the files of rights', () => {
  it('hold a profile that is valid by the OCI runtime specification', () => {
    const validate = new Ajv({ strict: false }).compile(schema);
    const profile = JSON.parse(text('seccomp.json'));
    expect(validate(profile), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...profile, architectures: ['SCMP_ARCH_PDP11'] })).toBe(false);
  });

  it('hold the record itself', () => {
    expect(JSON.parse(text('hardening.json'))).toEqual(hardening);
  });

  it('say the same to Docker and Podman, Compose, Kubernetes and systemd', () => {
    const script = text('run.sh');
    for (const flag of [
      '--cap-drop ALL',
      '--cap-add NET_BIND_SERVICE',
      '--security-opt no-new-privileges',
      '--read-only',
      "--tmpfs '/tmp:mode=1777,exec'",
      "--volume '/var/lib/app'",
    ])
      expect(script).toContain(`  ${flag} \\\n`);
    expect(script).not.toContain('--network');
    expect(parse(text('compose.yaml'))).toEqual({
      services: {
        web: {
          image: 'registry.example/team/web:small',
          cap_drop: ['ALL'],
          cap_add: ['NET_BIND_SERVICE'],
          security_opt: ['no-new-privileges=true', 'seccomp=seccomp.json'],
          read_only: true,
          tmpfs: ['/tmp:mode=1777,exec'],
          volumes: ['/var/lib/app'],
        },
      },
    });
    const [pod] = parseAllDocuments(text('kubernetes.yaml')).map((each) => each.toJS());
    expect(pod.spec.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
      seccompProfile: { type: 'Localhost', localhostProfile: 'keepset/web.json' },
    });
    expect(pod.spec.volumes.map((volume: { emptyDir: object }) => volume.emptyDir)).toEqual([
      { medium: 'Memory' },
      {},
    ]);
    expect(text('kubernetes.yaml')).toMatch(/^# An emptyDir is empty at first.*\/var\/lib\/app/m);
    expect(text('systemd.conf')).toMatch(/^CapabilityBoundingSet=CAP_NET_BIND_SERVICE$/m);
    expect(text('systemd.conf')).toMatch(/^ReadWritePaths=-\/var\/lib\/app$/m);
  });

  it('say for each right who needed it first', () => {
    expect(text('why.md')).toContain("| bind |  | /bin/app: bind in the run 'main', line 2 of its trace |");
    expect(text('why.md')).toContain('| clone | without 0x7e020000 |');
  });

  describe('for AppArmor', () => {
    const PARSER = '/usr/sbin/apparmor_parser';
    beforeAll(() => ensurePackages(PARSER, 'apparmor'), INSTALL_MS_MAX);
    /** By the real parser, which needs no kernel for it: the expression that each rule for files has become. */
    const expressionsOf = async (profile: string) => {
      const parsing = run(PARSER, ['--skip-kernel-load', '--skip-cache', '--dump=rule-exprs']);
      parsing.child.stdin?.end(profile);
      const { stderr } = await parsing;
      return [...stderr.matchAll(/^rule: (.*?) {2}-> {2}/gms)].map(([, expression = '']) => expression);
    };

    it('name what runs used, wrote and may', async () => {
      const profile = text('apparmor.profile');
      for (const rule of [
        'capability net_bind_service,',
        'network inet,',
        '"/usr/sbin/app" mrix,',
        '"/usr/sbin/*" mr,',
        '"/etc/app.d/" r,',
        '"/data/" rw,',
        '"/data/**" rwlk,',
        '"/etc/app.conf" r,',
        '"/etc/app.conf/**" r,',
        '"/tmp/**" rwlkmix,',
        '"/var/lib/app/**" rwlk,',
      ])
        expect(profile).toContain(`  ${rule}\n`);
      expect(await expressionsOf(profile)).toContain('/usr/sbin/app');
    });

    it('take every file by its name, whatever that is', async () => {
      const names = [
        ...['a b', '"', ',', '#', '*', '**', '?', '[a-z]', '[^a]', '{x,y}', '@{HOME}', '^', '!', "'"],
        ...['\\\\', '\\n', '\\377', 'é', '\\\\101', 'A', '" rw,'],
      ];
      const programs = names.map((name) => `/srv/1${name}2`);
      const profileOf = async (some: readonly string[]) => {
        const made = await hardeningFiles({ ...hardening, used: { programs: some, folders: [] } });
        return made.get('apparmor.profile') ?? '';
      };
      const expressions = (await expressionsOf(await profileOf(programs))).filter((each) =>
        each.startsWith('/srv/1'),
      );
      expect(new Set(expressions).size).toBe(names.length);
      // As it would be of a pattern: all but a slash.
      expect(expressions.filter((each) => each.includes('[^'))).toEqual([]);
      const broken = (await profileOf(['/srv/x'])).replace('"/srv/x"', '/srv/" x"');
      await expect(expressionsOf(broken)).rejects.toThrow();
    });
  });
});

const INSTALL_MS_MAX = 120_000;
