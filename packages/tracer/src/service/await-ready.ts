import { setTimeout as sleep } from 'node:timers/promises';
import type { Container } from '@keepset/docker-engine';
import { TracerError } from '../tracer-error.js';
import { askHttp } from './http-request.js';
import { listeningHere } from './listening-here.js';
import type { LogWatch } from './log-watch.js';
import type { AskedService } from './run-service.js';
import {
  type HttpRequest,
  healthCheckOf,
  isExpected,
  printReadiness,
  type Readiness,
  readinessOf,
} from './service.js';
import { addressOf } from './service-address.js';

const READY_SECONDS_MAX = 60;
/** What is asked of a service may be in its log. */
const POLL_MS = 200;
/** Nobody hears a look at its ports or its output: first after so long, then after so much of the time that it took. */
const LOOK_MS_MIN = 5;
const LOOK_SHARE = 0.05;

interface ReadyWatch {
  readonly log: LogWatch;
  readonly signal: AbortSignal;
}

/**
 * Await all that shows that a service can be asked.
 *
 * @throws TracerError SERVICE_NOT_READY; whatever `signal` is aborted with
 */
export async function awaitReady(
  container: Container,
  run: AskedService,
  { log, signal }: ReadyWatch,
): Promise<void> {
  const { service, image, beside } = run;
  const seconds = service.readySecondsMax ?? READY_SECONDS_MAX;
  const startMs = performance.now();
  const deadlineMs = startMs + seconds * 1000;
  const healthCheck = service.healthCheck === false ? undefined : healthCheckOf(image.config);

  async function holds(readiness: Exclude<Readiness, { kind: 'seconds' }>): Promise<boolean> {
    switch (readiness.kind) {
      case 'port': {
        const listening = (await listeningHere(container)) ?? (await (await beside()).listening());
        return readiness.ports.some((port) => listening.has(port));
      }
      case 'http':
        return await answers(container, run, readiness, signal);
      case 'log':
        return log.saw(readiness.pattern);
      case 'healthy':
        return healthCheck !== undefined && (await run.exec(healthCheck, () => {})) === 0;
    }
  }

  for (const readiness of readinessOf(service, image.config, healthCheck)) {
    if (readiness.kind === 'seconds') {
      await sleep(readiness.seconds * 1000, undefined, { signal });
      continue;
    }
    while (!(await holds(readiness))) {
      const nowMs = performance.now();
      if (nowMs > deadlineMs) throw notReady(readiness, seconds);
      const lookMs = Math.max(LOOK_MS_MIN, (nowMs - startMs) * LOOK_SHARE);
      await sleep(isHeard(readiness) ? POLL_MS : Math.min(lookMs, POLL_MS), undefined, { signal });
    }
  }
  signal.throwIfAborted();
}

function isHeard({ kind }: Readiness): boolean {
  return kind === 'http' || kind === 'healthy';
}

function notReady(readiness: Readiness, seconds: number): TracerError {
  const awaited = printReadiness(readiness);
  return new TracerError('SERVICE_NOT_READY', `the command was not ready (${awaited}) after ${seconds} s`, {
    facts: { awaited, seconds },
    hint: 'Say what shows that it is (`ready`), or give it longer (`readySecondsMax`).',
  });
}

async function answers(
  container: Container,
  run: AskedService,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const address = await addressOf(container, request, run);
  const answer = await askHttp(
    { ...address, ...request, port: address.port },
    { signal, onBody: () => {} },
  ).catch(() => undefined);
  return isExpected({ step: { kind: 'http', ...request }, status: answer?.status });
}
