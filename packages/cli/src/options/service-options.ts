import type { Options } from 'yargs';

const SERVICE_GROUP = 'Options of a service, a command that does not end by itself:';

const list = (description: string): Options => ({
  type: 'string',
  array: true,
  nargs: 1,
  description,
  group: SERVICE_GROUP,
});
const seconds = (description: string): Options => ({
  type: 'string',
  nargs: 1,
  description,
  group: SERVICE_GROUP,
});

/** What is asked of a command while it runs; with one of these it is stopped afterwards. */
export const SERVICE_OPTION_DEFINITIONS = {
  ready: list(
    'What shows that it can be asked: port=80, http=/path, log=REGEX, healthy, or seconds=5; repeatable. Default: its HEALTHCHECK, else the port of --http or an exposed one',
  ),
  http: list(
    'Ask it by HTTP: [METHOD ][:PORT]/path[=STATUS]; repeatable. Default port: that of --ready, one that is exposed, or 80',
  ),
  exec: list('Run a command inside the container, under strace as well; repeatable'),
  probe: list('Run a command here, by sh -c; it finds KEEPSET_HOST, KEEPSET_PORT_80, … set; repeatable'),
  healthcheck: {
    type: 'boolean',
    description: "Run the image's HEALTHCHECK under strace as well (--no-healthcheck: do not). Default: yes",
    group: SERVICE_GROUP,
  },
  'ready-timeout': seconds('Seconds that it may take to become ready (default 60)'),
  'step-timeout': seconds('Seconds that one --http, --exec or --probe may take (default 600)'),
  'stop-timeout': seconds('Seconds between its stop signal and SIGKILL (default 10)'),
} as const satisfies Record<string, Options>;
