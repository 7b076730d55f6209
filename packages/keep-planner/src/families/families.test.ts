import { describe, expect, it } from 'vitest';
import { explainPath, type ImageNeeds, planKeep } from '../index.js';
import { elfLibrary } from '../libraries/elf-library.test-helper.js';
import { access, type TestEntry, testSource } from '../test-source.test-helper.js';
import { parseNssServices } from './nss-modules.js';

const NO_NEEDS: ImageNeeds = { volumes: [] };

const module = (name: string, needed: readonly string[] = ['libc.so.6']) => ({
  content: elfLibrary({ needed, functions: [`_nss_${name}_getpwnam_r`] }),
});
const library = (...needed: string[]) => ({ content: elfLibrary({ needed }) });
const certificate = (hash: string, name: string): Record<string, TestEntry> => ({
  [`/etc/ssl/certs/${hash}`]: `-> ${name}.pem`,
  [`/etc/ssl/certs/${name}.pem`]: `-> /usr/share/ca-certificates/${name}.crt`,
  [`/usr/share/ca-certificates/${name}.crt`]: name,
});

const image: Record<string, TestEntry> = {
  '/lib': '-> usr/lib',
  '/etc/nsswitch.conf': 'passwd: files extra [NOTFOUND=return] own\nhosts: files none\n',
  '/etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf\n',
  '/etc/ld.so.conf.d/own.conf': '# own\n/opt/own/lib\n',
  '/usr/lib/x-linux-y/libc.so.6': library(),
  '/usr/lib/x-linux-y/libnss_files.so.2': library('libc.so.6'),
  '/usr/lib/x-linux-y/libnss_extra.so.2': module('extra', ['libdeep.so.1', 'libc.so.6']),
  '/usr/lib/x-linux-y/libdeep.so.1': '-> libdeep.so.1.2',
  '/usr/lib/x-linux-y/libdeep.so.1.2': library('libdeeper.so.1', 'libc.so.6'),
  '/usr/lib/x-linux-y/libdeeper.so.1': library('libdeep.so.1'),
  '/usr/lib/x-linux-y/libnss_other.so.2': module('other'),
  '/opt/own/lib/libnss_own.so.2': {
    content: elfLibrary({
      runpath: '$ORIGIN/../more',
      needed: ['libown.so'],
      functions: ['_nss_own_getgrgid_r'],
    }),
  },
  '/opt/own/more/libown.so': library('libc.so.6'),
  '/usr/lib/terminfo/x/xterm': 'x',
  '/usr/lib/terminfo/d/dumb': 'd',
  '/usr/lib/terminfo/c/cons25': 'c',
  '/usr/share/terminfo/76/vt100': 'v',
  '/opt/tools/share/terminfo/r/rare': 'r',
  '/opt/tools/share/terminfo/x/xterm-256color': 'x',
  ...certificate('0a1b2c3d.0', 'one'),
  ...certificate('0a1b2c3d.1', 'two'),
  ...certificate('99999999.r0', 'revoked'),
  '/etc/ssl/certs/all.crt': 'all of them',
  '/data/file': 'x',
};

async function planOf(accesses: readonly Parameters<typeof access>[], files = image, drop: string[] = []) {
  const runs = [{ name: 'main', accesses: accesses.map((each) => access(...each)) }];
  return await planKeep(runs, testSource(files), { needs: NO_NEEDS, drop });
}

/** The files and links of one folder that stay for some accesses. */
async function keptOf(prefix: string, ...accesses: Parameters<typeof access>[]) {
  const { kept } = await planOf(accesses);
  const { tree } = testSource(image);
  return [...kept.keys()].filter((path) => path.startsWith(prefix) && tree.get(path)?.type !== 'directory');
}

describe('names of users and hosts', () => {
  const MODULES = [
    '/usr/lib/x-linux-y/libc.so.6',
    '/usr/lib/x-linux-y/libdeep.so.1',
    '/usr/lib/x-linux-y/libdeep.so.1.2',
    '/usr/lib/x-linux-y/libdeeper.so.1',
    '/usr/lib/x-linux-y/libnss_extra.so.2',
  ];

  it('keep the modules that nsswitch.conf names, and all that these need', async () => {
    expect(await keptOf('/usr/lib/x-linux-y', ['open', '/etc/nsswitch.conf'])).toEqual(MODULES);
    expect(await keptOf('/opt/own', ['open', '/etc/nsswitch.conf'])).toEqual([
      '/opt/own/lib/libnss_own.so.2',
      '/opt/own/more/libown.so',
    ]);
  });

  it('are asked for in few questions', async () => {
    const source = testSource(image);
    const accesses = [access('open', '/etc/nsswitch.conf')];
    await planKeep([{ name: 'main', accesses }], source, { needs: NO_NEEDS });
    // What is likely; modules elsewhere; what these need, and what those need.
    expect(source.asked.heads).toBeLessThanOrEqual(4);
  });

  it('keep none where nothing reads nsswitch.conf', async () => {
    expect(await keptOf('/usr/lib/x-linux-y', ['open', '/data/file'])).toEqual([]);
  });

  it('are explained', async () => {
    const plan = await planOf([['open', '/etc/nsswitch.conf']]);
    expect(explainPath('/usr/lib/x-linux-y/libdeeper.so.1', plan)).toEqual([
      '/usr/lib/x-linux-y/libdeeper.so.1 is kept',
      '  a library that is needed by /usr/lib/x-linux-y/libdeep.so.1.2',
      '    a library that is needed by /usr/lib/x-linux-y/libnss_extra.so.2',
      '      a module that is named in /etc/nsswitch.conf',
      '        run "main": open (openat, line 1)',
    ]);
  });

  it('yield to what the user wants dropped', async () => {
    const { kept, warnings } = await planOf([['open', '/etc/nsswitch.conf']], image, ['**/libnss_*']);
    expect([...kept.keys()].filter((path) => path.includes('libnss_'))).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it.each<[string, readonly string[]]>([
    ['', []],
    ['passwd: files systemd\ngroup:files systemd\n', ['files', 'systemd']],
    ['hosts: files mdns4_minimal [NOTFOUND=return] dns\n', ['files', 'mdns4_minimal', 'dns']],
    ['# passwd: nis\n  sudoers :  sss # ldap\nnot a line\n', ['sss']],
    ['hosts: files \\\n dns\n', ['files', 'dns']],
    ['hosts: ../../evil files\n', ['files']],
  ])('parseNssServices(%j)', (text, services) => {
    expect(parseNssServices(text)).toEqual(services);
  });
});

describe('terminals', () => {
  it('keep the usual ones where any is looked up, wherever they lie', async () => {
    const kept = await planOf([['open', '/lib/terminfo/c/cons25']]);
    expect([...kept.kept.keys()].filter((path) => /terminfo\/.+\//.test(path))).toEqual([
      '/usr/lib/terminfo/c/cons25',
      '/usr/lib/terminfo/d/dumb',
      '/usr/lib/terminfo/x/xterm',
      '/usr/share/terminfo/76/vt100',
    ]);
  });

  it('keep those beside the one that was used', async () => {
    const used = await keptOf('/opt/tools', ['open', '/opt/tools/share/terminfo/r/rare']);
    expect(used).toEqual(['/opt/tools/share/terminfo/r/rare', '/opt/tools/share/terminfo/x/xterm-256color']);
  });

  it.each<Parameters<typeof access>>([
    ['open', '/data/file'],
    ['stat', '/usr/lib/terminfo'],
    ['open', '/usr/lib/terminfo/x/xterm', { errno: 'ENOENT' }],
  ])('keep none for %s %s', async (...made) => {
    expect(await keptOf('/usr/share/terminfo', made)).toEqual([]);
  });
});

describe('certificates by their hashes', () => {
  const ALL = ['0a1b2c3d.0', '0a1b2c3d.1', '99999999.r0', 'one.pem', 'revoked.pem', 'two.pem'].map(
    (name) => `/etc/ssl/certs/${name}`,
  );

  it.each<[string, Parameters<typeof access>]>([
    ['one of them was read', ['open', '/etc/ssl/certs/0a1b2c3d.1']],
    ['one of them was looked at', ['readlink', '!/etc/ssl/certs/0a1b2c3d.0']],
    ['the folder was listed', ['list', '/etc/ssl/certs']],
  ])('all stay where %s', async (_when, made) => {
    expect(await keptOf('/etc/ssl/certs', made)).toEqual(ALL);
    expect(await keptOf('/usr/share/ca-certificates', made)).toHaveLength(3);
  });

  it.each<Parameters<typeof access>>([
    ['open', '/etc/ssl/certs/all.crt'],
    ['stat', '/etc/ssl/certs'],
    ['open', '/etc/ssl/certs/one.pem'],
    ['list', '/etc/ssl'],
  ])('none stays for %s %s', async (...made) => {
    const kept = await keptOf('/etc/ssl/certs', made);
    expect(kept.filter((path) => /\.r?\d$/.test(path))).toEqual([]);
  });
});
