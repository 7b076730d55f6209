import { optionGroup } from './option.js';

/** How many links away a crawl goes, where nothing else is said. */
export const CRAWL_DEPTH = 3;

/** For a command that does not end by itself: with one of these it is stopped once it has answered. */
export const SERVICE_OPTIONS = optionGroup('Services, commands that do not end by themselves', {
  ready: {
    type: 'text',
    value: 'port=80|http=/path|log=REGEX|healthy|seconds=5',
    repeatable: true,
    defaultText: 'its HEALTHCHECK, else the port of `--http` or one that the image exposes',
    description: 'What shows that the service is ready',
  },
  http: {
    type: 'text',
    value: '[METHOD ][:PORT]/path[=STATUS]',
    repeatable: true,
    description:
      'Send the service this request; without a port, to that of `--ready`, one that the image exposes, or 80',
  },
  exec: {
    type: 'text',
    value: 'COMMAND',
    repeatable: true,
    description: 'Run this command inside the container, under strace as well',
  },
  probe: {
    type: 'text',
    value: 'COMMAND',
    repeatable: true,
    description: 'Run this command on this machine, by `sh -c`, with KEEPSET_HOST, KEEPSET_PORT_80, … set',
  },
  crawl: {
    type: 'number',
    value: 'DEPTH',
    min: 0,
    bare: CRAWL_DEPTH,
    defaultText: 'no crawl; without a number `3`',
    description:
      'Ask as well for what the answers to `--http` refer to on the same server: styles, scripts and images, and pages up to this many links away',
  },
  healthcheck: {
    type: 'flag',
    default: true,
    description: "Do not run the image's HEALTHCHECK under strace as well",
  },
  'ready-timeout': {
    type: 'number',
    value: 'SECONDS',
    min: 1,
    defaultText: '60',
    description: 'How long the service may take to become ready',
  },
  'step-timeout': {
    type: 'number',
    value: 'SECONDS',
    min: 1,
    defaultText: '600',
    description: 'How long one `--http`, `--exec` or `--probe` may take',
  },
  'stop-timeout': {
    type: 'number',
    value: 'SECONDS',
    min: 0,
    defaultText: '10',
    description: 'How long the service may take to stop before it is killed',
  },
});
