import { setTimeout as sleep } from 'node:timers/promises';
import {
  AsyncDisposableStack,
  type Container,
  type ContainerConfig,
  type Engine,
  type ImageDetails,
  type OutputChunk,
} from '@keepset/docker-engine';
import type { Toolbox } from '@keepset/toolbox';
import type { AskedPage, CrawledPath } from '../crawl/crawl-pages.js';
import { type Page, pageLinks } from '../crawl/page-links.js';
import { unaskedLinks } from '../crawl/unasked-links.js';
import { endSignal } from '../run/end-signal.js';
import { type RunStreams, runContainer } from '../run/run-container.js';
import { TracerError } from '../tracer-error.js';
import { awaitReady } from './await-ready.js';
import { type Beside, openBeside } from './beside.js';
import { crawlService } from './crawl-service.js';
import { type LogWatch, watchLog } from './log-watch.js';
import { isExpected, namedPorts, type Service, type StepOutcome } from './service.js';
import { takeStep } from './take-step.js';

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

/** How a service did. */
export interface ServiceOutcome {
  /** Of process 1, once it was stopped. */
  readonly exitStatus: number;
  /** Of those that were begun; behind them, of what a crawl found. */
  readonly steps: readonly StepOutcome[];
  /** What of the same server pages refer to, and was not asked for: paths, with their port where a step has one. */
  readonly unasked: readonly string[];
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
  const log = watchLog(run.service.ready);
  let asked: Asked = { steps: [], unasked: [], readySeconds: undefined };
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
      asked = await askAll(container, run, log, ended);
    },
  );
  return { exitStatus, ...asked };
}

/**
 * Ask everything of a service that somebody else has created, and starts; then stop it.
 *
 * @param container  not started yet
 * @param start      starts it, and what it needs
 * @throws EngineError; whatever `start` throws
 */
export async function askService(
  container: Omit<Container, 'createdMs'>,
  start: () => Promise<void>,
  run: ServiceRun & { readonly tty: boolean },
): Promise<ServiceOutcome> {
  const log = watchLog(run.service.ready);
  const { output } = await container.attach({ stdin: false, tty: run.tty });
  const read = async () => {
    for await (const chunk of output) log.note(chunk);
  };
  const reading = read();
  reading.catch(() => {});
  await start();
  const ended = container.wait();
  // When it was made has no part in it.
  const asking = askAll({ ...container, createdMs: 0 }, run, log, ended);
  const [asked] = await Promise.all([asking, ended, reading]);
  return { exitStatus: await ended, ...asked };
}

type Asked = Omit<ServiceOutcome, 'exitStatus'>;

/** A service that is running. */
export interface AskedService extends ServiceRun {
  /** The same each time; made when it is needed first. */
  beside(): Promise<Beside>;
}

function withBeside(container: Container, run: ServiceRun, opened: AsyncDisposableStack): AskedService {
  const { engine, toolbox, image } = run;
  let beside: Promise<Beside> | undefined;
  return {
    ...run,
    async beside() {
      beside ??= openBeside(engine, toolbox, image, container).then((made) => opened.use(made));
      return await beside;
    },
  };
}

/** Ask a running service everything, then stop it. */
async function askAll(
  container: Container,
  given: ServiceRun,
  log: LogWatch,
  ended: Promise<number>,
): Promise<Asked> {
  const { service } = given;
  const steps: StepOutcome[] = [];
  const pages: AskedPage[] = [];
  let left: readonly CrawledPath[] = [];
  let readySeconds: number | undefined;
  let failure: TracerError | undefined;
  await using opened = new AsyncDisposableStack();
  const run = withBeside(container, given, opened);
  const signal = endSignal(ended);
  const start = performance.now();
  try {
    await awaitReady(container, run, { log, signal });
    readySeconds = (performance.now() - start) / 1000;
    for (const [index, step] of service.steps.entries()) {
      const isPage = step.kind === 'http' && step.method === 'GET';
      const onPage = (page: Page) => {
        const { port, path } = page;
        pages.push({ port, path, links: pageLinks(page) });
      };
      const outcome = await takeStep(container, run, { step, index, signal, ...(isPage && { onPage }) });
      // What fails because the service is gone says nothing itself.
      if (!isExpected(outcome) && (await endsWithin(ended, END_MS))) throw new Error('gone');
      steps.push(outcome);
    }
    left = unaskedLinks(pages);
    if (service.crawl !== undefined) {
      const crawled = await crawlService(container, run, { pages, limits: service.crawl, signal });
      steps.push(...crawled.steps);
      left = crawled.left;
    }
  } catch (error) {
    // Whatever it was that failed, if the service is gone that is why.
    const { isRunning } = signal.aborted ? { isRunning: false } : await container.state();
    if (!isRunning) failure = endedEarly(await ended, readySeconds !== undefined);
    else if (error instanceof TracerError) failure = error;
    else throw error;
  }
  if (!signal.aborted) await container.stop(service.graceSeconds ?? GRACE_SECONDS);
  return { steps, unasked: printPaths(left, service), readySeconds, ...(failure && { failure }) };
}

/** As they are asked for. */
function printPaths(paths: readonly CrawledPath[], service: Service): readonly string[] {
  const named = namedPorts(service);
  return paths.map(({ port, path }) => (named.has(port) ? `:${port}${path}` : path));
}

function endedEarly(exitStatus: number, wasReady: boolean): TracerError {
  return new TracerError(
    'SERVICE_ENDED',
    `the command ended (exit status ${exitStatus}) before ${wasReady ? 'all was asked of it' : 'it was ready'}`,
    {
      facts: { exitStatus },
      hint: 'A command that is to be asked something must go on until it is stopped. What it printed may say more.',
    },
  );
}

/** The end of a container closes what goes on in it before it is known itself. */
const END_MS = 500;

async function endsWithin(ended: Promise<number>, milliseconds: number): Promise<boolean> {
  return await Promise.race([ended.then(() => true), sleep(milliseconds, false)]);
}

const GRACE_SECONDS = 10;
