import { parsePrintedPath } from '@keepset/strace-parser';
import type { Hardening } from '../hardening.js';
import type { Rights } from '../rights.js';
import { serviceName } from './service-name.js';

/** By their numbers in `socket`. @see linux/socket.h */
const FAMILIES: Readonly<Record<number, string>> = {
  1: 'unix',
  2: 'inet',
  10: 'inet6',
  16: 'netlink',
  17: 'packet',
  38: 'alg',
  40: 'vsock',
};

/** What every container has, made by engines. @see OCI runtime specification, "Default Devices" */
const IN_EVERY_CONTAINER = [
  '/etc/{hosts,hostname,resolv.conf} r,',
  '/dev/ r,',
  '/dev/{null,zero,full,random,urandom,tty,console,ptmx} rw,',
  '/dev/{pts,shm,mqueue}/{,**} rwk,',
  '/dev/{core,fd,stdin,stdout,stderr} r,',
  '/proc/{,**} r,',
  '/proc/[0-9]*/{,task/[0-9]*/}{comm,oom_score_adj,fd/*} rw,',
  '/sys/{,**} r,',
];

/**
 * A profile for AppArmor. What it lets be read is by folder: results hold nothing in these but what runs used.
 *
 * @see apparmor.d(5)
 */
export function apparmorText(hardening: Hardening): string {
  const { images, capabilities, used, writable, rootWrites, devices } = hardening;
  const listed = (used.listed ?? []).filter((path) => !used.folders.includes(path));
  const name = `keepset-${serviceName(images[0] ?? '')}`;
  const rules = [
    ...capabilities.map(({ name }) => `capability ${name.toLowerCase()},`),
    ...networkRules(hardening),
    'signal (receive) peer=unconfined,',
    `signal (send, receive) peer=${name},`,
    ...(hardening.calls.some(({ name }) => name === 'ptrace') ? [`ptrace (trace, read) peer=${name},`] : []),
    '',
    '# What engines put into every container.',
    ...IN_EVERY_CONTAINER,
    ...devices.map((path) => `${quote(path)} rw,`),
    '',
    '# Folders of what runs used.',
    ...used.folders.flatMap((path) => [`${quote(path, 'folder')} r,`, `${quote(path, 'contents')} mr,`]),
    ...listed.map((path) => `${quote(path, 'folder')} r,`),
    '',
    '# What they executed; it stays under this profile.',
    ...used.programs.map((path) => `${quote(path)} mrix,`),
    '',
    '# Where they write.',
    ...(rootWrites.length > 0 ? ['/{,**} rwlk,'] : []),
    ...writable.flatMap(({ path, executable }) => [
      `${quote(path, 'folder')} rw,`,
      `${quote(path, 'below')} ${executable ? 'rwlkmix' : 'rwlk'},`,
    ]),
    '',
    '# Volumes, and what was mounted into runs: a file or a folder.',
    ...(used.mounts ?? []).flatMap(({ path, readOnly }) => [
      `${quote(path)} ${readOnly ? 'r' : 'rw'},`,
      `${quote(path, 'folder')} ${readOnly ? 'r' : 'rw'},`,
      `${quote(path, 'below')} ${readOnly ? 'r' : 'rwlk'},`,
    ]),
  ];
  const lines = rules.map((rule) => (rule === '' ? '' : `  ${rule}`));
  return `# For AppArmor, where the kernel has it; it was not enforced while the rights were verified.
#   apparmor_parser -r apparmor.profile
#   docker run --security-opt apparmor=${name} …
profile ${name} flags=(attach_disconnected,mediate_deleted) {
${lines.join('\n')}
}
`;
}

/** Of the families of sockets that may be made; none without the call. */
function networkRules({ calls }: Pick<Rights, 'calls'>): readonly string[] {
  const socket = calls.find(({ name }) => name === 'socket');
  if (socket === undefined) return [];
  const only = socket.only !== undefined && 'oneOf' in socket.only ? socket.only.oneOf : undefined;
  const names = only?.map((number) => FAMILIES[number]);
  if (names === undefined || names.includes(undefined)) return ['network,'];
  return names.map((family) => `network ${family},`);
}

/** What stands for itself in a path of AppArmor's; any other byte may be a pattern, a variable, or the end. */
const PLAIN = /[A-Za-z0-9/._+:~%=-]/;
const ENDS = { file: '', folder: '/', contents: '/*', below: '/**' } as const;

/** @param printed  as `printPath` has it */
function quote(printed: string, what: keyof typeof ENDS = 'file'): string {
  const bytes = [...parsePrintedPath(printed === '/' && what !== 'file' ? '' : printed)];
  const text = bytes.map((byte) =>
    PLAIN.test(byte) ? byte : `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `"${text.join('')}${ENDS[what]}"`;
}
