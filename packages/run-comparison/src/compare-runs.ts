import { compareContent } from './compare-content.js';
import { compareFiles } from './files/compare-files.js';
import type { Difference, Masked } from './difference.js';
import type { FileState, ProgramOutcome, RunOutcome, StreamName } from './run-outcome.js';

export interface ComparisonOptions {
  /** What is taken out of the lines of output before they are compared. Default none. */
  readonly ignoreOutput?: readonly RegExp[];
  /** Files that are not compared, by path (a byte string). Default none. */
  readonly ignoreFile?: (path: string) => boolean;
  /** Further runs of the same result: they tell whether it varies. Default none. */
  readonly others?: readonly RunOutcome[];
}

export interface Comparison {
  /** Empty: the result does what the samples do. */
  readonly differences: readonly Difference[];
  /** What was not held against it, since the samples vary in it. */
  readonly masked: readonly Masked[];
  /** Whether a further sample may explain all differences: they are in numbers, names or the order of lines only. */
  readonly isLikeNoise: boolean;
}

/**
 * Hold a run against one or more runs of what it should be the same as.
 *
 * With one sample everything counts. With several, what differs between them is no evidence; what they have in common
 * is: see `learnTextMask` for texts. Of contents that are no text, or larger than 16 MiB, the bytes that vary are
 * masked, or all of it: see `BinaryVariation`.
 *
 * @param samples  at least one
 */
export async function compareRuns(
  samples: readonly RunOutcome[],
  result: RunOutcome,
  { ignoreOutput = [], ignoreFile = () => false, others = [] }: ComparisonOptions = {},
): Promise<Comparison> {
  if (result.exitStatus === undefined) {
    const difference = { kind: 'not-started', reason: result.failure ?? 'unknown' } as const;
    return { differences: [difference], masked: [], isLikeNoise: false };
  }
  const withoutIgnored = (text: string) =>
    ignoreOutput.reduce((rest, pattern) => takeOut(rest, pattern), text);
  const main = await comparePrograms(samples, result, others, withoutIgnored);
  const steps: Comparison[] = [];
  for (const [index, step] of (result.steps ?? []).entries()) {
    const same = (each: RunOutcome) => each.steps?.[index] ?? [];
    steps.push(
      await comparePrograms(samples.flatMap(same), step, others.flatMap(same), withoutIgnored, step.name),
    );
  }
  const compared = (files: ReadonlyMap<string, FileState>) =>
    new Map([...files].filter(([path]) => !ignoreFile(path)));
  const files = await compareFiles(
    samples.map((each) => compared(each.files)),
    compared(result.files),
    others.map(({ files }) => files),
  );
  const parts = [main, ...steps, files];
  return {
    differences: parts.flatMap(({ differences }) => differences),
    masked: parts.flatMap(({ masked }) => masked),
    isLikeNoise: parts.every(({ isLikeNoise }) => isLikeNoise),
  };
}

/**
 * Exit status and both streams.
 *
 * @param step  its name, where it is a step and not the run itself
 */
async function comparePrograms(
  samples: readonly ProgramOutcome[],
  result: ProgramOutcome,
  others: readonly ProgramOutcome[],
  withoutIgnored: (text: string) => string,
  step?: string,
): Promise<Comparison> {
  const differences: Difference[] = [];
  const masked: Masked[] = [];
  let isLikeNoise = true;
  const ofStep = step === undefined ? {} : { step };
  const at = (aspect: StreamName | 'exit-status') => (step === undefined ? aspect : { step, aspect });

  const statuses = samples.flatMap(({ exitStatus }) => exitStatus ?? []);
  const [status] = statuses;
  const otherStatus = statuses.find((each) => each !== status);
  if (status !== undefined && otherStatus !== undefined)
    masked.push({
      where: at('exit-status'),
      variation: 'content',
      examples: [`${status}`, `${otherStatus}`],
    });
  if (status !== undefined && !statuses.some((each) => each === result.exitStatus)) {
    differences.push({ kind: 'exit-status', ...ofStep, source: status, result: result.exitStatus });
    isLikeNoise = false;
  }

  for (const stream of ['stdout', 'stderr'] as const) {
    const comparison = await compareContent(
      { samples: samples.map((each) => each[stream]), others: others.map((each) => each[stream]) },
      result[stream],
      withoutIgnored,
    );
    if (comparison.variation !== undefined)
      masked.push({ where: at(stream), variation: comparison.variation });
    if (comparison.mismatch === undefined) continue;
    differences.push({ kind: 'output', stream, ...ofStep, ...comparison.mismatch });
    isLikeNoise &&= comparison.isLikeNoise;
  }
  return { differences, masked, isLikeNoise };
}

function takeOut(text: string, { source, flags }: RegExp): string {
  const everywhere = new RegExp(source, flags.includes('g') ? flags : `${flags}g`);
  return text
    .split('\n')
    .map((line) => line.replaceAll(everywhere, ''))
    .join('\n');
}
