import type { Container, OutputChunk } from '@keepset/docker-engine';
import { type Page, READ_BYTES_MAX } from '../crawl/page-links.js';
import { TracerError } from '../tracer-error.js';
import { collectBytes } from './collect-bytes.js';
import { askHttp } from './http-request.js';
import { runProbe } from './run-probe.js';
import type { AskedService } from './run-service.js';
import { portOf, printStep, type ServiceStep, type StepOutcome } from './service.js';
import { addressOf, probeVariables } from './service-address.js';

const STEP_SECONDS_MAX = 600;

interface StepToTake {
  readonly step: ServiceStep;
  readonly index: number;
  /** Aborted when the service has ended. */
  readonly signal: AbortSignal;
  /** Called with the answer to a request. */
  readonly onPage?: (page: Page) => void;
}

/**
 * Ask a service one thing.
 *
 * @throws TracerError STEP_TOO_LONG, SERVICE_UNREACHABLE; EngineError
 */
export async function takeStep(
  container: Container,
  run: AskedService,
  { step, index, signal, onPage }: StepToTake,
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
        const address = await addressOf(container, step, run);
        const beginning = collectBytes(READ_BYTES_MAX);
        const { status, ...answer } = await askHttp(
          { ...address, method: step.method, path: step.path },
          {
            signal: either,
            async onBody(bytes) {
              beginning.add(bytes);
              await onOutput({ stream: 'stdout', bytes });
            },
          },
        );
        const { path } = step;
        onPage?.({ path, port: portOf(step, image.config), status, ...answer, body: beginning.bytes() });
        return status;
      }
    }
  };
  try {
    return { step, status: await take() };
  } catch (error) {
    if (tooLong.aborted)
      throw new TracerError('STEP_TOO_LONG', `${printStep(step)} did not end within ${seconds} s`, {
        facts: { step: printStep(step), seconds },
        hint: 'Let it ask for less, or give it longer (`stepSecondsMax`).',
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
