import { printReadiness, type Readiness } from '@keepset/tracer';
import type { OverShrinkSign } from './over-shrink-sign.js';
import type { ShrinkFacts, ShrunkRun } from './shrink-facts.js';

/** What says nothing of what the service does: an answer, a line of its log or a health check that passes does. */
const SILENT: ReadonlySet<Readiness['kind']> = new Set(['seconds', 'port']);

/** A service was started and stopped, and between that nothing was asked of it, and it started nothing. */
export function serviceOnlyAwaited({ runs }: ShrinkFacts): OverShrinkSign | undefined {
  const run = runs.find(isOnlyAwaited);
  if (run?.service === undefined) return undefined;
  const awaited = run.service.awaited.map(printReadiness).join(', ');
  return {
    kind: 'service-only-awaited',
    message: `the command was only waited for (${awaited}): nothing was asked of it, and it started no program`,
    cure: 'ask for what matters, or wait until it has done something',
  };
}

function isOnlyAwaited({ service, startedPrograms = 0 }: ShrunkRun): boolean {
  if (service === undefined || service.steps > 0 || startedPrograms > 0) return false;
  return service.awaited.every(({ kind }) => SILENT.has(kind));
}
