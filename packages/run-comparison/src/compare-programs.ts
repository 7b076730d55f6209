import { type ContentComparison, compareContent } from './compare-content.js';
import { type Comparison, NO_COUNTS, NOTHING, sum } from './comparison.js';
import type { Place } from './difference.js';
import type { Content, ProgramOutcome, StreamName } from './run-outcome.js';
import type { HoldCounts } from './text/text-mask.js';

export interface Programs {
  readonly samples: readonly ProgramOutcome[];
  readonly result: ProgramOutcome;
  readonly others: readonly ProgramOutcome[];
}

export interface ProgramOptions {
  readonly withoutIgnored: (text: string) => string;
  readonly isChancy: boolean;
  /** Its name, where it is a step and not the run itself. */
  readonly step?: string;
}

const STREAMS = ['stdout', 'stderr'] as const;

/** Exit status and both streams. */
export async function comparePrograms(programs: Programs, options: ProgramOptions): Promise<Comparison> {
  const parts = [compareStatuses(programs, options)];
  for (const stream of STREAMS) {
    const of = (all: readonly ProgramOutcome[]) => all.map((each) => each[stream]);
    const { samples, result, others } = programs;
    const evidence = { samples: of(endedAs(result, samples)), others: of(others) };
    const comparison = await compareContent(evidence, result[stream], options);
    const lines = comparison.lines ?? (await exactLines(comparison, result[stream]));
    parts.push({ ...ofStream(comparison, stream, options.step), lines });
  }
  return parts.reduce(sum, NOTHING);
}

/** What a run says that fails is no evidence of what one says that does not. */
export function endedAs<T extends ProgramOutcome>(
  result: ProgramOutcome,
  samples: readonly T[],
): readonly T[] {
  const alike = samples.filter(({ exitStatus }) => exitStatus === result.exitStatus);
  return alike.length > 0 ? alike : samples;
}

function compareStatuses({ samples, result }: Programs, { step }: ProgramOptions): Comparison {
  const statuses = samples.flatMap(({ exitStatus }) => exitStatus ?? []);
  const [status] = statuses;
  const other = statuses.find((each) => each !== status);
  const ofStep = step === undefined ? {} : { step };
  const differs = status !== undefined && !statuses.some((each) => each === result.exitStatus);
  const isFlaky = status !== undefined && other !== undefined;
  return {
    ...NOTHING,
    differences: differs
      ? [{ kind: 'exit-status', ...ofStep, source: status, result: result.exitStatus }]
      : [],
    masked: isFlaky
      ? [{ where: placeOf('exit-status', step), variation: 'content', examples: [`${status}`, `${other}`] }]
      : [],
    flaky: isFlaky ? [{ ...ofStep, statuses }] : [],
    isLikeNoise: !differs,
  };
}

function placeOf(aspect: StreamName | 'exit-status', step: string | undefined): Place {
  return step === undefined ? aspect : { step, aspect };
}

function ofStream(
  { mismatch, variation, notCompared, isLikeNoise }: ContentComparison,
  stream: StreamName,
  step: string | undefined,
): Comparison {
  const where = placeOf(stream, step);
  const ofStep = step === undefined ? {} : { step };
  return {
    ...NOTHING,
    differences: mismatch === undefined ? [] : [{ kind: 'output', stream, ...ofStep, ...mismatch }],
    masked: variation === undefined ? [] : [{ where, variation }],
    notCompared: notCompared === undefined ? [] : [{ where, reason: notCompared }],
    isLikeNoise: mismatch === undefined || isLikeNoise,
  };
}

/** What is no text and varies has no lines. */
async function exactLines({ variation }: ContentComparison, result: Content): Promise<HoldCounts> {
  return variation === undefined ? { ...NO_COUNTS, exactly: await countLines(result) } : NO_COUNTS;
}

const NEWLINE = 0x0a;

async function countLines(content: Content): Promise<number> {
  let [count, last] = [0, NEWLINE];
  for await (const chunk of content.read()) {
    for (const byte of chunk) if (byte === NEWLINE) count++;
    last = chunk.at(-1) ?? last;
  }
  return last === NEWLINE ? count : count + 1;
}
