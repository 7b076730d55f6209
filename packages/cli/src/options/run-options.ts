import type { Options } from 'yargs';

const RUN_GROUP = 'Options of the run, as in docker run:';

const list = (description: string, alias?: string): Options => ({
  type: 'string',
  array: true,
  nargs: 1,
  description,
  group: RUN_GROUP,
  ...(alias && { alias }),
});
const text = (description: string, alias?: string): Options => ({
  type: 'string',
  nargs: 1,
  description,
  group: RUN_GROUP,
  ...(alias && { alias }),
});
const flag = (description: string, alias?: string): Options => ({
  type: 'boolean',
  description,
  group: RUN_GROUP,
  ...(alias && { alias }),
});

/** The container options of docker run: its names, its short forms. @see docker-run(1) */
export const RUN_OPTION_DEFINITIONS = {
  'add-host': list('Add a line to /etc/hosts (HOST:IP)'),
  'cap-add': list('Add a Linux capability'),
  'cap-drop': list('Drop a Linux capability'),
  cpus: text('Number of CPUs'),
  device: list('Add a device of the host'),
  dns: list('Set a DNS server'),
  entrypoint: text("Replace the image's ENTRYPOINT"),
  env: list('Set a variable (NAME=VALUE, or NAME to pass it on)', 'e'),
  'env-file': list('Read variables from a file'),
  gpus: text('GPU devices'),
  'group-add': list('Add a group'),
  hostname: text('Host name of the container', 'h'),
  init: flag('Run an init as process 1'),
  interactive: flag('Pass standard input on', 'i'),
  memory: text('Memory limit', 'm'),
  mount: list('Attach a file system (type=…,source=…,target=…)'),
  network: text('Connect to a network'),
  platform: text('Platform of the image (OS/ARCHITECTURE)'),
  publish: list('Publish a port', 'p'),
  'read-only': flag("Mount the container's root read-only"),
  'security-opt': list('Security options'),
  'shm-size': text('Size of /dev/shm'),
  'stop-signal': text('Signal that stops the container'),
  sysctl: list('Set a kernel parameter (NAME=VALUE)'),
  tmpfs: list('Mount a tmpfs'),
  tty: flag('Allocate a terminal (-t is the tag of the result)'),
  ulimit: list('Set a limit (NAME=SOFT[:HARD])'),
  user: text('User (NAME|UID[:GROUP|GID])', 'u'),
  volume: list('Mount a volume', 'v'),
  workdir: text('Working directory', 'w'),
} as const satisfies Record<string, Options>;
