/**
 * What people bring from other programs, with what it is here: the one place that knows. Options are those of docker run
 * that have no meaning for keepset, and of slim (mint).
 */

/** By the name of the option, or its letter: what to do instead. */
export const FOREIGN_OPTIONS = table({
  // docker run, docker build
  it: 'Here -t is the name of the result: write -i --tty for a terminal, or -i -t NAME.',
  P: 'Leave it out: ports that the image exposes are published anyhow.',
  'publish-all': 'Leave it out: ports that the image exposes are published anyhow.',
  privileged: 'Add what the command needs and no more: --cap-add NAME, --device PATH, --security-opt OPTION.',
  net: 'Use --network NETWORK.',
  link: 'Use --network NETWORK: there containers know each other by name.',
  'volumes-from': 'Name the volumes: -v NAME:PATH.',
  expose: 'Use --publish PORT; --change "EXPOSE PORT" changes the result.',
  pull: "'docker pull IMAGE' first; keepset pulls only what the engine has not got.",
  load: 'Leave it out: with -t the engine has the result.',
  verbose: 'Leave it out: nothing is hidden; --json prints all as JSON.',
  debug: 'Set KEEPSET_DEBUG=1.',
  // slim
  target: 'IMAGE stands alone, behind the options.',
  cmd: 'The command stands behind IMAGE.',
  'http-probe':
    'Use --http / for a page, and --crawl for what it refers to. Without --http nothing is asked.',
  'http-probe-off': 'Leave it out: without --http nothing is asked.',
  'http-probe-cmd': "Use --http '[METHOD ]/path[=STATUS]'; it can be repeated.",
  'http-probe-cmd-file': 'List them in keepset.yaml, under services: http.',
  'http-probe-ports': 'Use --http :PORT/path.',
  'http-probe-exec': "Use --probe 'COMMAND'.",
  'http-probe-exec-file': "Use --probe 'sh FILE'.",
  'http-probe-crawl': 'Use --crawl [DEPTH].',
  'http-crawl-max-depth': 'Use --crawl [DEPTH].',
  'http-probe-start-wait': 'Use --ready seconds=N, or better --ready port=N or log=REGEX.',
  'http-probe-apispec': 'Use --http for each path, or --probe for a program that asks them.',
  'publish-port': 'Use --publish PORTS.',
  'publish-exposed-ports': 'Leave it out: ports that the image exposes are published anyhow.',
  'continue-after':
    'Leave it out: a command is waited for, and a service is stopped when --http, --exec and --probe are answered; --ready alone only waits until it is ready.',
  'exec-file': "Mount it and run it: -v ./FILE:/FILE:ro --exec 'sh /FILE'.",
  'host-exec': "Use --probe 'COMMAND'.",
  'host-exec-file': "Use --probe 'sh FILE'.",
  'include-path': 'Use --keep PATH: a folder with all below it, or a pattern.',
  'include-path-file': 'Use --keep-file FILE: a path or pattern a line.',
  'preserve-path': 'Use --keep PATH.',
  'preserve-path-file': 'Use --keep-file FILE.',
  'include-bin': 'Use --keep PATH: a program brings its interpreter and its libraries.',
  'include-bin-file': 'Use --keep-file FILE: a program brings its interpreter and its libraries.',
  'include-exe': 'Use --keep PATH: a program brings its interpreter and its libraries.',
  'include-exe-file': 'Use --keep-file FILE: a program brings its interpreter and its libraries.',
  'include-shell': 'Use --for shell.',
  'include-zoneinfo': 'Use --keep /usr/share/zoneinfo.',
  'include-workdir': 'Use --keep PATH, with the path of WORKDIR.',
  'include-node-package': 'Use --keep-package npm:NAME.',
  'include-cert-all': 'Use --keep /etc/ssl --keep /usr/share/ca-certificates.',
  'include-cert-bundles-only': 'Use --keep /etc/ssl/certs/ca-certificates.crt.',
  'include-new': 'Leave it out: what a run writes is never taken into the result.',
  'exclude-pattern': 'Use --drop PATTERN.',
  'exclude-mounts': 'Leave it out: mounts are never taken into the result.',
  'keep-perms': 'Leave it out: owner, mode and time always stay.',
  'run-target-as-user': 'Use --user USER.',
  'new-entrypoint': "Use --change 'ENTRYPOINT …'.",
  'new-cmd': "Use --change 'CMD …'.",
  'new-env': "Use --change 'ENV …'.",
  'new-label': "Use --change 'LABEL …'.",
  'new-workdir': "Use --change 'WORKDIR …'.",
  'new-volume': "Use --change 'VOLUME …'.",
  'new-expose': "Use --change 'EXPOSE …'.",
  'tag-fat': 'Leave it out: the source stays as it is.',
  'copy-meta-artifacts': 'Use --manifest FILE for the record, and --report FILE for a page.',
  'show-clogs': 'Leave it out: what the command prints is shown; -q hides it.',
  'etc-hosts-map': 'Use --add-host HOST:IP.',
  'container-dns': 'Use --dns IP.',
  'cro-shm-size': 'Use --shm-size BYTES.',
  'compose-file': "Start the other services with 'docker compose up', and join them: --network NAME_default.",
});

/** By the command of slim, docker or another: ours. */
export const FOREIGN_COMMANDS = table({
  build: 'shrink',
  minify: 'shrink',
  optimize: 'shrink',
  run: 'shrink',
  slim: 'shrink',
  profile: 'trace',
  analyze: 'packages',
  xray: 'packages',
  squash: 'flatten',
  explain: 'why',
  list: 'ls',
  compare: 'diff',
  verify: 'check',
  clean: 'prune',
});

/** By the key of compose, or of another program's file: the key of keepset.yaml. */
export const FOREIGN_KEYS = table({
  cmd: 'command',
  environment: 'env',
  exclude: 'drop',
  include: 'keep',
  network_mode: 'network',
  networks: 'network',
  run: 'runs',
  volumes: 'mounts',
  working_dir: 'workdir',
});

/** Any word may be looked up, also `constructor`. */
function table(words: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(words));
}
