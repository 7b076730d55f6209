import type { Container } from '@keepset/docker-engine';
import {
  type AskedPage,
  type CrawledPages,
  type CrawledPath,
  type CrawlLimits,
  crawlPages,
  type PageAnswer,
} from '../crawl/crawl-pages.js';
import { pageLinks } from '../crawl/page-links.js';
import { askHttp, type HttpTarget } from './http-request.js';
import type { AskedService } from './run-service.js';
import { type HttpRequest, isExpected, namedPorts, type ServiceStep, type StepOutcome } from './service.js';
import { addressOf } from './service-address.js';

/** After which a request counts as not answered. */
const ANSWER_SECONDS_MAX = 10;
/** A longer answer is no page, and no part of one. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

interface ServiceToCrawl {
  /** What was asked for so far, and was HTML or a style sheet. */
  readonly pages: readonly AskedPage[];
  readonly limits: CrawlLimits;
  /** Aborted when the service has ended. */
  readonly signal: AbortSignal;
}

export interface CrawledService extends Pick<CrawledPages, 'left'> {
  /** One for each request that was answered, in order. */
  readonly steps: readonly StepOutcome[];
}

/**
 * Ask a running service for what its pages refer to. Each answer is the output of a step of its own, behind those of the
 * service; what is not answered in time, or at too great a length, becomes none.
 *
 * @throws TracerError SERVICE_UNREACHABLE; EngineError; the reason of `signal`
 */
export async function crawlService(
  container: Container,
  run: AskedService,
  { pages, limits, signal }: ServiceToCrawl,
): Promise<CrawledService> {
  const { service } = run;
  const addresses = new Map<number, ReturnType<typeof addressOf>>();
  let index = service.steps.length;
  const ask = async ({ port, path }: CrawledPath): Promise<PageAnswer | undefined> => {
    const known = addresses.get(port) ?? addressOf(container, { port }, run);
    addresses.set(port, known);
    const answer = await askOnce({ ...(await known), path }, signal);
    if (answer === undefined) return undefined;
    const { status, body } = answer;
    await run.onStepOutput(index++, { stream: 'stdout', bytes: body });
    return { status, sizeBytes: body.length, links: pageLinks({ path, port, ...answer }) };
  };
  const { answered, left } = await crawlPages(pages, ask, limits);
  const named = namedPorts(service);
  const steps = answered.map(({ port, path, status }) => {
    return { step: toStep({ method: 'GET', path, ...(named.has(port) && { port }) }, status), status };
  });
  return { steps, left };
}

/** Whatever the source answers is as it should be: the result must answer it too. */
function toStep(request: HttpRequest, status: number): ServiceStep {
  const step: ServiceStep = { kind: 'http', ...request };
  return isExpected({ step, status }) ? step : { ...step, status };
}

async function askOnce(target: Omit<HttpTarget, 'method'>, signal: AbortSignal) {
  const limit = new AbortController();
  const pieces: Uint8Array[] = [];
  let size = 0;
  const either = AbortSignal.any([signal, limit.signal, AbortSignal.timeout(ANSWER_SECONDS_MAX * 1000)]);
  try {
    const answer = await askHttp(
      { ...target, method: 'GET' },
      {
        signal: either,
        onBody(bytes) {
          size += bytes.length;
          pieces.push(bytes);
          if (size > ANSWER_BYTES_MAX) limit.abort();
        },
      },
    );
    return { ...answer, body: Buffer.concat(pieces) };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
