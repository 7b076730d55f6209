import type { HttpRequest, Readiness, Service, ServiceStep } from '@keepset/tracer';
import type { GroupValues } from '../options/option.js';
import type { SERVICE_OPTIONS } from '../options/service-options.js';
import { UsageError } from '../options/usage-error.js';
import { shellWords } from './shell-words.js';

type ServiceValues = GroupValues<typeof SERVICE_OPTIONS>;

/** What is asked of a service, as the options or keepset.yaml spell it. */
export interface ServiceTexts {
  readonly ready?: readonly string[] | undefined;
  readonly http?: readonly string[] | undefined;
  readonly exec?: readonly string[] | undefined;
  readonly probe?: readonly string[] | undefined;
}

/**
 * @returns undefined where no option of a service was given
 * @throws UsageError
 */
export function toService(options: ServiceValues): Service | undefined {
  const { ready, http, exec, probe, crawl, healthcheck } = options;
  const isAsked = [ready, http, exec, probe].some(({ length }) => length > 0);
  const timeout = TIMEOUTS.find((name) => options[name] !== undefined);
  if (crawl !== undefined) requireStart(http, '--crawl', '--http /');
  if (!isAsked && timeout === undefined) return undefined;
  if (!isAsked)
    throw new UsageError(
      `--${timeout} is for a service, and there is nothing to ask of one`,
      'Add --http, --exec or --probe, or --ready alone: the service is stopped once it is ready.',
    );
  const service = parseService(
    { ready, http, exec, probe },
    {
      readySecondsMax: options['ready-timeout'],
      stepSecondsMax: options['step-timeout'],
      graceSeconds: options['stop-timeout'],
      crawlDepth: crawl,
    },
  );
  return healthcheck ? service : { ...service, healthCheck: false };
}

/** A crawl begins at what is asked for. */
export function requireStart(http: readonly string[], crawl: string, start: string): void {
  if (http.length === 0)
    throw new UsageError(`${crawl} has no page to begin at`, `Add ${start}, or another path.`);
}

const TIMEOUTS = ['ready-timeout', 'step-timeout', 'stop-timeout'] as const;

/**
 * @param option  how an option is called in messages
 * @throws UsageError
 */
export function parseService(
  { ready = [], http = [], exec = [], probe = [] }: ServiceTexts,
  limits: {
    readonly [Key in 'readySecondsMax' | 'stepSecondsMax' | 'graceSeconds' | 'crawlDepth']?:
      | number
      | undefined;
  } = {},
  option: (name: string) => string = (name) => `--${name}`,
): Service {
  const awaited = ready.map((text) => parseReadiness(text, `${option('ready')} ${text}`));
  const port = awaited.find((each) => each.kind === 'port')?.ports[0];
  const steps: ServiceStep[] = [
    ...http.map((text) => ({
      kind: 'http' as const,
      ...(port !== undefined && { port }),
      ...parseRequest(text, `${option('http')} ${text}`),
    })),
    ...exec.map((text) => ({ kind: 'exec' as const, command: parseExec(text, option('exec')) })),
    ...probe.map((command) => ({ kind: 'probe' as const, command })),
  ];
  const { readySecondsMax, stepSecondsMax, graceSeconds, crawlDepth } = limits;
  return {
    ready: awaited,
    steps,
    ...(readySecondsMax !== undefined && { readySecondsMax }),
    ...(stepSecondsMax !== undefined && { stepSecondsMax }),
    ...(graceSeconds !== undefined && { graceSeconds }),
    ...(crawlDepth !== undefined && { crawl: { depth: crawlDepth } }),
  };
}

function parseExec(text: string, where: string): readonly string[] {
  const command = shellWords(text, `${where} ${text}`);
  if (command.length === 0) throw new UsageError(`${where}: the command is empty`);
  return command;
}

const PORT_MAX = 65535;

function parsePort(text: string, where: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > PORT_MAX)
    throw new UsageError(`${where}: '${text}' is not a port`, `Use a number from 1 to ${PORT_MAX}.`);
  return port;
}

const REQUEST = /^(?:([A-Za-z]+) +)?(?::(\d+))?(\/\S*?)(?:=([1-5]\d\d))?$/;

function parseRequest(text: string, where: string): HttpRequest {
  const [, method = 'GET', port, path, status] = REQUEST.exec(text) ?? [];
  if (path === undefined)
    throw new UsageError(
      `${where}: not a request`,
      'Write [METHOD ][:PORT]/path[=STATUS], as in /index.html or POST :8080/a=201.',
    );
  return {
    method: method.toUpperCase(),
    path,
    ...(port !== undefined && { port: parsePort(port, where) }),
    ...(status !== undefined && { status: Number(status) }),
  };
}

function parseReadiness(text: string, where: string): Readiness {
  const [, kind = '', value] = /^([a-z]+)(?:=(.*))?$/s.exec(text) ?? [];
  if (kind === 'healthy' && value === undefined) return { kind };
  if (value !== undefined && value !== '') {
    if (kind === 'port') return { kind, ports: [parsePort(value, where)] };
    if (kind === 'http') return { kind, ...parseRequest(value, where) };
    if (kind === 'log') return { kind, pattern: parsePattern(value, where) };
    if (kind === 'seconds' && /^\d+(\.\d+)?$/.test(value)) return { kind, seconds: Number(value) };
  }
  throw new UsageError(
    `${where}: not understood`,
    'Write port=80, http=/path, log=REGEX, healthy or seconds=5.',
  );
}

function parsePattern(text: string, where: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new UsageError(`${where} cannot be read: ${(error as Error).message}`);
  }
}
