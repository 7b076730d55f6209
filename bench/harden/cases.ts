/** A program, and how it is run. */
export interface Case {
  readonly name: string;
  /** A folder of test-fixtures/images, `base`, or `services`: see services-image.ts. */
  readonly image: string;
  readonly command: readonly string[];
  /** Of docker run. */
  readonly options: readonly string[];
  /** Of keepset shrink. */
  readonly shrinkOptions: readonly string[];
  /** Its output is not the same each time. */
  readonly varies: boolean;
  /** It does not end: what it is asked. */
  readonly service?: { readonly exec?: readonly string[]; readonly path?: string };
}

function program(name: string, image: string, command: readonly string[], more: Partial<Case> = {}): Case {
  return { name, image, command, options: [], shrinkOptions: [], varies: false, ...more };
}

const sh = (text: string) => ['sh', '-c', text];
const rule = (name: string, more: Partial<Case> = {}) =>
  program(`rules-${name}`, 'rules', [`/cases/${name}/run`], more);
const script = (name: string, file: string, interpreter: string) =>
  program(`proof-${name}`, 'proof', [interpreter, `/opt/proof/${file}`], { varies: true });

/** Programs of all kinds: tools, languages, compilers, servers, a database; as root and as others. */
export const CASES: readonly Case[] = [
  program('cat', 'base', ['cat', '/etc/debian_version']),
  program('sh-pipe', 'base', sh('ls / | sort -r | head -3')),
  program('perl', 'base', ['perl', '-e', 'print join(" ", map { $_ * $_ } 1 .. 9), "\\n"']),
  program('temporary-file', 'base', sh('f=$(mktemp) && date > $f && wc -l < $f && rm $f')),
  program('own-folder', 'base', sh('mkdir -p /srv/x && echo a > /srv/x/y && cat /srv/x/y')),
  program('root-file', 'base', sh('echo a > /out && cat /out')),
  program('chown', 'base', sh('touch /tmp/x && chown 33:33 /tmp/x && stat -c %u /tmp/x')),
  program('setgid-bit', 'base', sh('touch /srv/x && chmod 2755 /srv/x && stat -c %a /srv/x')),
  program('other-user', 'base', ['setpriv', '--reuid=33', '--regid=33', '--clear-groups', 'id', '-u']),
  program('plain-user', 'base', ['id', '-u'], { options: ['--user', '1000:1000'] }),
  program('background', 'base', sh('sleep 0.1 & sleep 0.2 & wait; echo done')),
  program('killed', 'base', sh('sleep 9 & kill $!; wait $! 2>/dev/null; echo killed')),
  program('init', 'base', sh('echo under an init'), { options: ['--init'] }),
  program('static', 'static', []),
  program('32-bit', 'rights', [], {
    options: ['--entrypoint', '/exit32'],
    shrinkOptions: ['--allow-failure'],
  }),
  program(
    'compiler',
    'compiler',
    sh('echo "int main(){return 0;}" > /tmp/a.c && gcc /tmp/a.c -o /tmp/a && /tmp/a; echo $?'),
  ),
  // Of the rest, Podman says otherwise: whom it adds capabilities for may hand them on.
  program('setuid', 'fidelity', sh('/fidelity/setuid-rights | grep CapEff'), { options: ['--user', '1500'] }),
  program('capable', 'fidelity', sh('/fidelity/capable-rights | grep CapEff'), { options: ['--user', 'jo'] }),
  program('threads', 'fidelity', ['/fidelity/threads'], { varies: true }),
  program('spawn', 'fidelity', ['/fidelity/spawn'], { varies: true }),
  ...[
    'working-directory',
    'link-chains',
    'names',
    'made-by-the-run',
    'loaded-at-run-time',
    'through-proc',
    'scripts',
  ].map((name) => rule(name, { varies: true })),
  rule('temporary-files', { varies: true, options: ['--user', '1000'] }),
  script('python-threads', 'python/threads_plain.py', 'python3'),
  script('python-json', 'python/json_id.py', 'python3'),
  script('python-database', 'python/database.py', 'python3'),
  script('perl-hash', 'perl/hash_order.pl', 'perl'),
  program('r-document', 'demo', [], { varies: true }),
  program(
    'r-maps',
    'maps',
    ['Rscript', '-e', 'library(maps); pdf("/tmp/m.pdf"); map("world"); cat("ok\\n")'],
    {
      varies: true,
    },
  ),
  program('template', 'too-little', ['sh', '-c', 'getent hosts localhost; date; echo done'], {
    varies: true,
  }),
  program('nginx', 'service', [], { shrinkOptions: ['--http', '/'], service: { path: '/' } }),
  program('nginx-healthy', 'service-healthy', [], {
    shrinkOptions: ['--http', '/'],
    service: { exec: ['/usr/local/bin/healthy'] },
  }),
  program('postgres', 'database', [], {
    shrinkOptions: [
      '--ready',
      'log=ready to accept connections',
      '--exec',
      'psql -h 127.0.0.1 -c "select 1"',
    ],
    service: { exec: ['psql', '-h', '127.0.0.1', '-c', 'select 1'] },
  }),
  program('redis', 'services', ['redis-server', '--save', ''], {
    shrinkOptions: ['--ready', 'port=6379', '--exec', 'redis-cli set a 1', '--exec', 'redis-cli get a'],
    service: { exec: ['redis-cli', 'ping'] },
  }),
];
