import type { ImageConfig } from '@keepset/docker-engine';
import type { CrawlLimits } from '../crawl/crawl-pages.js';

/** What is done with a command that does not end by itself, before it is stopped. */
export interface Service {
  /** What must hold before the first step; empty: see `readinessOf`. */
  readonly ready: readonly Readiness[];
  /** One after the other. */
  readonly steps: readonly ServiceStep[];
  /** How long the service may take to become ready. Default 60. */
  readonly readySecondsMax?: number;
  /** How long one step may take. Default 600. */
  readonly stepSecondsMax?: number;
  /** Whether the image's HEALTHCHECK has a part in it. Default true. */
  readonly healthCheck?: boolean;
  /**
   * Ask as well for what the answers to GET refer to on the same server, and for what these refer to. Each becomes a
   * step. Default: only what `steps` says.
   */
  readonly crawl?: CrawlLimits;
  /** Between the stop signal and SIGKILL. Default 10, as docker stop has it. */
  readonly graceSeconds?: number;
}

/** A sign that a service can be used. */
export type Readiness =
  /** It listens on one of these TCP ports. */
  | { readonly kind: 'port'; readonly ports: readonly number[] }
  | ({ readonly kind: 'http' } & HttpRequest)
  /** A line of its output, of either stream. */
  | { readonly kind: 'log'; readonly pattern: RegExp }
  /** The image's HEALTHCHECK ends with 0. */
  | { readonly kind: 'healthy' }
  | { readonly kind: 'seconds'; readonly seconds: number };

/** Something that is asked of a service. */
export type ServiceStep =
  /** A command inside the container. */
  | { readonly kind: 'exec'; readonly command: readonly string[] }
  /** A command of the caller's, for `sh -c` on its machine. */
  | { readonly kind: 'probe'; readonly command: string }
  | ({ readonly kind: 'http' } & HttpRequest);

/** A request to a port of the container. */
export interface HttpRequest {
  readonly method: string;
  /** With its query, from the first slash on. */
  readonly path: string;
  /** Of the container. Default: the lowest that the image exposes, or else 80. */
  readonly port?: number;
  /** Which status it must answer with. Default: any from 200 to 399. */
  readonly status?: number;
}

/** How a step ended. */
export interface StepOutcome {
  readonly step: ServiceStep;
  /** Exit status, or the status of the HTTP answer. Undefined: there was no answer, and `failure` says why. */
  readonly status: number | undefined;
  readonly failure?: string;
}

/**
 * Whether a step ended as it should.
 *
 * @example isExpected({ step: { kind: 'http', method: 'GET', path: '/' }, status: 404 }) // false
 */
export function isExpected({ step, status }: StepOutcome): boolean {
  if (status === undefined) return false;
  if (step.kind !== 'http') return status === 0;
  return step.status === undefined ? status >= 200 && status < 400 : status === step.status;
}

/**
 * A step for people: `http GET /`.
 *
 * @example printStep({ kind: 'http', method: 'GET', path: '/', port: 80 }) // 'http GET :80/'
 */
export function printStep(step: ServiceStep): string {
  if (step.kind === 'probe') return `probe '${step.command}'`;
  if (step.kind === 'exec') return `exec '${step.command.join(' ')}'`;
  return `http ${printRequest(step)}`;
}

function printRequest({ method, port, path, status }: HttpRequest): string {
  return `${method} ${port === undefined ? '' : `:${port}`}${path}${status === undefined ? '' : `=${status}`}`;
}

/**
 * A sign of readiness for people: `port=80`.
 *
 * @example printReadiness({ kind: 'port', ports: [80] }) // 'port=80'
 */
export function printReadiness(readiness: Readiness): string {
  switch (readiness.kind) {
    case 'port':
      return `port=${readiness.ports.join(' or ')}`;
    case 'http':
      return `http=${printRequest(readiness)}`;
    case 'log':
      return `log=${readiness.pattern.source}`;
    case 'healthy':
      return 'healthy';
    case 'seconds':
      return `seconds=${readiness.seconds}`;
  }
}

/** TCP ports that the image exposes, ascending. */
export function exposedPorts({ ExposedPorts }: Pick<ImageConfig, 'ExposedPorts'>): readonly number[] {
  return Object.keys(ExposedPorts ?? {})
    .filter((name) => /^\d+(\/tcp)?$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((one, other) => one - other);
}

const HTTP_PORT = 80;

/** To which port of the container a request goes. */
export function portOf(
  { port }: Pick<HttpRequest, 'port'>,
  config: Pick<ImageConfig, 'ExposedPorts'>,
): number {
  return port ?? exposedPorts(config)[0] ?? HTTP_PORT;
}

/** The ports that steps name: those that others go to need not be named. */
export function namedPorts({ steps }: Pick<Service, 'steps'>): ReadonlySet<number> {
  return new Set(steps.flatMap((step) => (step.kind === 'http' ? (step.port ?? []) : [])));
}

/** Nothing shows that it is ready: enough for most to read their configuration. */
const BLIND_SECONDS = 1;

/**
 * What is awaited: what was asked for, and that the image's HEALTHCHECK passes where it has one. Without either: that
 * it listens on the port of the first request or on one that the image exposes; without a port, a second.
 *
 * @param healthCheck  the command of the image's HEALTHCHECK, if it has one
 */
export function readinessOf(
  { ready, steps }: Pick<Service, 'ready' | 'steps'>,
  config: Pick<ImageConfig, 'ExposedPorts'>,
  healthCheck: readonly string[] | undefined,
): readonly Readiness[] {
  if (healthCheck !== undefined)
    return [...ready.filter(({ kind }) => kind !== 'healthy'), { kind: 'healthy' }];
  if (ready.length > 0) return ready;
  const request = steps.find((step) => step.kind === 'http');
  const ports = request === undefined ? exposedPorts(config) : [portOf(request, config)];
  return [ports.length > 0 ? { kind: 'port', ports } : { kind: 'seconds', seconds: BLIND_SECONDS }];
}

/**
 * The command of HEALTHCHECK.
 *
 * @returns undefined where there is none, or it was switched off
 * @see Dockerfile reference, HEALTHCHECK; Docker Engine API, "HealthConfig"
 * @example healthCheckOf({ Healthcheck: { Test: ['CMD-SHELL', 'true'] } }) // ['/bin/sh', '-c', 'true']
 */
export function healthCheckOf({ Healthcheck, Shell }: ImageConfig): readonly string[] | undefined {
  const [form, ...args] = Healthcheck?.Test ?? [];
  if (form === 'CMD' && args.length > 0) return args;
  const shell = (Shell as readonly string[] | null | undefined) ?? ['/bin/sh', '-c'];
  return form === 'CMD-SHELL' ? [...shell, args.join(' ')] : undefined;
}
