import { z } from 'zod';
import type { Task } from '../tasks/plan-tasks.js';
import { OUTCOME_VERSION, type Outcome } from './outcome.js';

/** How a command ended. */
export interface EndedCommand {
  /** Null: a signal ended it. */
  readonly exitStatus: number | null;
  readonly signal: string | null;
  /** What it printed: one JSON object. */
  readonly stdout: string;
  /** The end of what it said besides. */
  readonly stderr: string;
}

/** When and where that was. */
export type OutcomeFacts = Pick<Outcome, 'round' | 'startedAt' | 'seconds' | 'machine'>;

/** The exit status of a result that does not do what its source does. */
const REFUSED = 3;
const SIGNALLED = 128;

const count = z.int().nonnegative();
const printedResult = z.object({
  id: z.string(),
  verdict: z.string(),
  warnings: z.array(z.unknown()),
  source: z.object({ id: z.string(), sizeBytes: count }),
  result: z.object({ sizeBytes: count }),
});
const printedFailure = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

/** The outcome of a task, of how its command ended and what it printed. */
export function toOutcome(
  { key, name, image, command }: Task,
  ended: EndedCommand,
  facts: OutcomeFacts,
): Outcome {
  const common = { outcomeVersion: OUTCOME_VERSION, key, name, image, command, ...facts } as const;
  const printed = parseJson(ended.stdout);
  const made = printedResult.safeParse(printed).data;
  if (ended.exitStatus === 0 && made !== undefined)
    return {
      ...common,
      state: 'done',
      exitStatus: 0,
      result: {
        id: made.id,
        sizeBytes: made.result.sizeBytes,
        sourceId: made.source.id,
        sourceBytes: made.source.sizeBytes,
        verdict: made.verdict,
        warnings: made.warnings.length,
      },
    };
  return {
    ...common,
    state: ended.exitStatus === REFUSED ? 'refused' : 'failed',
    exitStatus: ended.exitStatus ?? SIGNALLED,
    error: printedFailure.safeParse(printed).data?.error ?? describe(ended),
  };
}

/** Of a command that did not come to say why. */
function describe({ exitStatus, signal, stderr }: EndedCommand): NonNullable<Outcome['error']> {
  if (signal !== null) return { code: 'ENDED_BY_SIGNAL', message: `ended by ${signal}` };
  if (exitStatus === 0) return { code: 'NO_ANSWER', message: 'it ended well, and did not say what it made' };
  const last = stderr.trimEnd().split('\n').at(-1) ?? '';
  return { code: 'NO_ANSWER', message: last === '' ? `exit status ${exitStatus}` : last };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
