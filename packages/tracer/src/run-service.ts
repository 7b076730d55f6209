import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, ContainerConfig, Engine, ImageDetails, OutputChunk } from '@keepset/docker-engine';
import type { Toolbox } from '@keepset/toolbox';
import { askHttp } from './http-request.js';
import { openPortWatch, type PortWatch } from './port-watch.js';
import { type RunStreams, runContainer } from './run-container.js';
import { runProbe } from './run-probe.js';
import {
  type HttpRequest,
  healthCheckOf,
  isExpected,
  printReadiness,
  printStep,
  type Readiness,
  readinessOf,
  type Service,
  type ServiceStep,
  type StepOutcome,
} from './service.js';
import { addressOf, probeVariables } from './service-address.js';
import { TracerError } from './tracer-error.js';

/** A service with what it takes to run and ask it. */
export interface ServiceRun {
  readonly service: Service;
  readonly engine: Engine;
  readonly toolbox: Toolbox;
  /** Whose HEALTHCHECK and ports count: the source's, also where its result runs. */
  readonly image: ImageDetails;
  /** All variables of a probe, but for KEEPSET_…. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Run a command in the container. @returns its exit status */
  exec(command: readonly string[], onOutput: (chunk: OutputChunk) => void | Promise<void>): Promise<number>;
  /** Of the step of this place in `service.steps`. */
  readonly onStepOutput: (index: number, chunk: OutputChunk) => void | Promise<void>;
}

export interface ServiceOutcome {
  /** Of process 1, once it was stopped. */
  readonly exitStatus: number;
  /** Of those that were begun. */
  readonly steps: readonly StepOutcome[];
  /** How long it took to become ready; undefined if it did not. */
  readonly readySeconds: number | undefined;
  /** SERVICE_ENDED, SERVICE_NOT_READY, SERVICE_UNREACHABLE or STEP_TOO_LONG: why not all was done. */
  readonly failure?: TracerError;
}

/**
 * Run a container that was just created, until it is ready; do what is to be done; stop it. What goes wrong with the
 * service is an outcome; what goes wrong with the engine is an error.
 *
 * @throws EngineError
 */
export async function runService(
  container: Container,
  config: ContainerConfig,
  streams: RunStreams,
  run: ServiceRun,
): Promise<ServiceOutcome> {
  const { service } = run;
  const steps: StepOutcome[] = [];
  const log = watchLog(service.ready);
  let readySeconds: number | undefined;
  let failure: TracerError | undefined;
  const exitStatus = await runContainer(
    container,
    config,
    {
      ...streams,
      async onOutput(chunk) {
        log.note(chunk);
        await streams.onOutput(chunk);
      },
    },
    async (ended) => {
      const life = new AbortController();
      let hasEnded = false;
      const end = () => {
        hasEnded = true;
        life.abort();
      };
      ended.then(end, end);
      const start = performance.now();
      try {
        await awaitReady(container, run, { log, signal: life.signal });
        readySeconds = (performance.now() - start) / 1000;
        for (const [index, step] of service.steps.entries()) {
          const outcome = await takeStep(container, run, { step, index, signal: life.signal });
          // What fails because the service is gone says nothing itself.
          if (!isExpected(outcome) && (await endsWithin(ended, END_MS))) throw new Error('gone');
          steps.push(outcome);
        }
      } catch (error) {
        // Whatever it was that failed, if the service is gone that is why.
        const { isRunning } = hasEnded ? { isRunning: false } : await container.state();
        if (!isRunning)
          failure = new TracerError(
            'SERVICE_ENDED',
            `the command ended (exit status ${await ended}) before ${readySeconds === undefined ? 'it was ready' : 'all was asked of it'}`,
            {
              hint: 'A command that is to be asked something must go on until it is stopped. What it printed may tell more.',
            },
          );
        else if (error instanceof TracerError) failure = error;
        else throw error;
      }
      life.abort();
      if (!hasEnded) await container.stop(service.graceSeconds ?? GRACE_SECONDS);
    },
  );
  return { exitStatus, steps, readySeconds, ...(failure && { failure }) };
}

/** The end of a container closes what goes on in it before it is known itself. */
const END_MS = 500;

async function endsWithin(ended: Promise<number>, milliseconds: number): Promise<boolean> {
  return await Promise.race([ended.then(() => true), sleep(milliseconds, false)]);
}

const GRACE_SECONDS = 10;
const READY_SECONDS_MAX = 60;
const STEP_SECONDS_MAX = 600;
const POLL_MS = 200;

interface ReadyWatch {
  readonly log: LogWatch;
  readonly signal: AbortSignal;
}

/** @throws TracerError SERVICE_NOT_READY; whatever `signal` is aborted with */
async function awaitReady(container: Container, run: ServiceRun, { log, signal }: ReadyWatch): Promise<void> {
  const { service, image, engine, toolbox } = run;
  const seconds = service.readySecondsMax ?? READY_SECONDS_MAX;
  const deadlineMs = performance.now() + seconds * 1000;
  const healthCheck = service.healthCheck === false ? undefined : healthCheckOf(image.config);
  await using stack = new AsyncDisposableStack();
  let ports: PortWatch | undefined;

  async function holds(readiness: Exclude<Readiness, { kind: 'seconds' }>): Promise<boolean> {
    switch (readiness.kind) {
      case 'port': {
        ports ??= stack.use(await openPortWatch(engine, toolbox, image, container));
        const listening = await ports.listening();
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
      if (performance.now() > deadlineMs)
        throw new TracerError(
          'SERVICE_NOT_READY',
          `the command was not ready (${printReadiness(readiness)}) after ${seconds} s`,
          { hint: 'Say what shows that it is (--ready), or give it longer (--ready-timeout SECONDS).' },
        );
      await sleep(POLL_MS, undefined, { signal });
    }
  }
  signal.throwIfAborted();
}

async function answers(
  container: Container,
  { image, engine }: ServiceRun,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const address = await addressOf(container, request, image.config, engine.details);
  const status = await askHttp(
    { ...address, ...request, port: address.port },
    { signal, onBody: () => {} },
  ).catch(() => undefined);
  return isExpected({ step: { kind: 'http', ...request }, status });
}

interface StepToTake {
  readonly step: ServiceStep;
  readonly index: number;
  /** Aborted when the service has ended. */
  readonly signal: AbortSignal;
}

/** @throws TracerError STEP_TOO_LONG, SERVICE_UNREACHABLE; EngineError */
async function takeStep(
  container: Container,
  run: ServiceRun,
  { step, index, signal }: StepToTake,
): Promise<StepOutcome> {
  const { engine, image, service, environment } = run;
  const seconds = service.stepSecondsMax ?? STEP_SECONDS_MAX;
  const tooLong = AbortSignal.timeout(seconds * 1000);
  const either = AbortSignal.any([signal, tooLong]);
  const onOutput = (chunk: OutputChunk) => run.onStepOutput(index, chunk);
  const take = async (): Promise<number> => {
    switch (step.kind) {
      case 'exec':
        return await untilAborted(run.exec(step.command, onOutput), either);
      case 'probe': {
        const variables = { ...environment, ...(await probeVariables(container, engine.details)) };
        return await runProbe(step.command, variables, { signal: either, onOutput });
      }
      case 'http': {
        const address = await addressOf(container, step, image.config, engine.details);
        const onBody = (bytes: Uint8Array) => onOutput({ stream: 'stdout', bytes });
        return await askHttp(
          { ...address, method: step.method, path: step.path },
          { signal: either, onBody },
        );
      }
    }
  };
  try {
    return { step, status: await take() };
  } catch (error) {
    if (tooLong.aborted)
      throw new TracerError('STEP_TOO_LONG', `${printStep(step)} did not end within ${seconds} s`, {
        hint: 'Let it ask for less, or give it longer (--step-timeout SECONDS).',
      });
    if (step.kind !== 'http' || error instanceof TracerError || signal.aborted) throw error;
    return { step, status: undefined, failure: (error as Error).message };
  }
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  promise.catch(() => {});
  return await Promise.race([promise, aborted]);
}

interface LogWatch {
  note(chunk: OutputChunk): void;
  /** Whether a line, or the beginning of one, was like this. */
  saw(pattern: RegExp): boolean;
}

/** A line that is longer is looked at in pieces. */
const LINE_MAX = 64 * 1024;

/** Looks for patterns in lines of both streams as they come. */
function watchLog(ready: readonly Readiness[]): LogWatch {
  const patterns = ready.flatMap((each) => (each.kind === 'log' ? [each.pattern] : []));
  const seen = new Set<RegExp>();
  const rests = { stdout: '', stderr: '' };
  return {
    note({ stream, bytes }) {
      if (seen.size === patterns.length) return;
      const text = rests[stream] + Buffer.from(bytes).toString('utf8');
      for (const line of text.split('\n'))
        for (const pattern of patterns) if (pattern.test(line)) seen.add(pattern);
      rests[stream] = text.slice(text.lastIndexOf('\n') + 1).slice(-LINE_MAX);
    },
    saw: (pattern) => seen.has(pattern),
  };
}
