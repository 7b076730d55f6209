import { type ContentComparison, compareContent } from './compare-content.js';
import type { Difference, Masked, NotCompared, Place } from './difference.js';
import { compareFiles } from './files/compare-files.js';
import type { Content, FileState, ProgramOutcome, RunOutcome, StreamName } from './run-outcome.js';
import type { HoldCounts } from './text/text-mask.js';

export interface ComparisonOptions {
  /** What is taken out of the lines of output before they are compared. Default none. */
  readonly ignoreOutput?: readonly RegExp[];
  /** Files that are not compared, by path (a byte string). Default none. */
  readonly ignoreFile?: (path: string) => boolean;
  /** Further runs of the same result: they tell whether it is always so, and are no evidence for it. Default none. */
  readonly others?: readonly RunOutcome[];
}

/** A program that does not always end in the same way. */
export interface Flaky {
  /** Of what was asked of the run, not of the run itself. */
  readonly step?: string;
  /** Of each sample, in order. */
  readonly statuses: readonly number[];
}

export interface Comparison {
  /** Empty: the result does what the samples do, in all that was compared. */
  readonly differences: readonly Difference[];
  /** What varies between the samples, and is held against the result only in what stays. */
  readonly masked: readonly Masked[];
  /** What was not, or not as a whole, held against the result. */
  readonly notCompared: readonly NotCompared[];
  /** What ends in several ways in the samples. */
  readonly flaky: readonly Flaky[];
  /**
   * Whether a further sample may explain all differences. It is a hint, never a verdict: with enough samples it is false, and
   * until then a result with differences is neither right nor wrong.
   */
  readonly isLikeNoise: boolean;
  /** Lines of the result's output, by how they were held. */
  readonly lines: HoldCounts;
  /** Files that the result wrote, without directories, by how they were held. */
  readonly files: HoldCounts;
}

/**
 * Hold a run against one or more runs of what it should be the same as.
 *
 * With one sample everything counts. With several, all that they have in common is to be the same: what varies is learnt from
 * them alone, field by field, and nothing that the result does widens it. See `learnTextMask` for texts, `compareBytes` for
 * other contents.
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
    return { ...NOTHING, differences: [difference], isLikeNoise: false };
  }
  const compared = (files: ReadonlyMap<string, FileState>) =>
    new Map([...files].filter(([path]) => !ignoreFile(path)));
  const files = samples.map((each) => compared(each.files));
  const options = {
    isChancy: vary(samples, files),
    withoutIgnored: (text: string) => ignoreOutput.reduce((rest, pattern) => takeOut(rest, pattern), text),
  };
  const parts = [await comparePrograms({ samples, result, others }, options)];
  for (const [index, step] of (result.steps ?? []).entries()) {
    const same = (each: RunOutcome) => each.steps?.[index] ?? [];
    const programs = { samples: samples.flatMap(same), result: step, others: others.flatMap(same) };
    parts.push(await comparePrograms(programs, { ...options, step: step.name }));
  }
  const ofFiles = await compareFiles(
    files,
    compared(result.files),
    others.map((each) => each.files),
    options.isChancy,
  );
  return [...parts, { ...NOTHING, ...ofFiles }].reduce(sum, NOTHING);
}

const NONE: HoldCounts = { exactly: 0, byMask: 0, notAtAll: 0 };
const NOTHING: Comparison = {
  differences: [],
  masked: [],
  notCompared: [],
  flaky: [],
  isLikeNoise: true,
  lines: NONE,
  files: NONE,
};

function sum(one: Comparison, other: Comparison): Comparison {
  return {
    differences: [...one.differences, ...other.differences],
    masked: [...one.masked, ...other.masked],
    notCompared: [...one.notCompared, ...other.notCompared],
    flaky: [...one.flaky, ...other.flaky],
    isLikeNoise: one.isLikeNoise && other.isLikeNoise,
    lines: sumCounts(one.lines, other.lines),
    files: sumCounts(one.files, other.files),
  };
}

function sumCounts(one: HoldCounts, other: HoldCounts): HoldCounts {
  return {
    exactly: one.exactly + other.exactly,
    byMask: one.byMask + other.byMask,
    notAtAll: one.notAtAll + other.notAtAll,
  };
}

/** Whether samples are not all the same, in anything. */
function vary(samples: readonly RunOutcome[], files: readonly ReadonlyMap<string, FileState>[]): boolean {
  const ofProgram = ({ exitStatus, stdout, stderr }: ProgramOutcome) => [
    exitStatus,
    stdout.sha256,
    stderr.sha256,
  ];
  const all = samples.map((each, at) =>
    JSON.stringify([
      [each, ...(each.steps ?? [])].map(ofProgram),
      [...(files[at] ?? [])]
        .map(([path, { content, linkTarget }]) => [path, content?.sha256, linkTarget])
        .sort(),
    ]),
  );
  return new Set(all).size > 1;
}

interface Programs {
  readonly samples: readonly ProgramOutcome[];
  readonly result: ProgramOutcome;
  readonly others: readonly ProgramOutcome[];
}

interface ProgramOptions {
  readonly withoutIgnored: (text: string) => string;
  readonly isChancy: boolean;
  /** Its name, where it is a step and not the run itself. */
  readonly step?: string;
}

const STREAMS = ['stdout', 'stderr'] as const;

/** Exit status and both streams. */
async function comparePrograms(programs: Programs, options: ProgramOptions): Promise<Comparison> {
  const parts = [compareStatuses(programs, options)];
  for (const stream of STREAMS) {
    const of = (all: readonly ProgramOutcome[]) => all.map((each) => each[stream]);
    const { samples, result, others } = programs;
    const evidence = { samples: of(samples), others: of(others) };
    const comparison = await compareContent(evidence, result[stream], options);
    parts.push(await ofStream(comparison, result[stream], stream, options.step));
  }
  return parts.reduce(sum, NOTHING);
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

async function ofStream(
  { mismatch, variation, notCompared, isLikeNoise, lines }: ContentComparison,
  result: Content,
  stream: StreamName,
  step: string | undefined,
): Promise<Comparison> {
  const where = placeOf(stream, step);
  const ofStep = step === undefined ? {} : { step };
  return {
    ...NOTHING,
    differences: mismatch === undefined ? [] : [{ kind: 'output', stream, ...ofStep, ...mismatch }],
    masked: variation === undefined ? [] : [{ where, variation }],
    notCompared: notCompared === undefined ? [] : [{ where, reason: notCompared }],
    isLikeNoise: mismatch === undefined || isLikeNoise,
    lines: lines ?? (variation === undefined ? { ...NONE, exactly: await countLines(result) } : NONE),
  };
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

function takeOut(text: string, { source, flags }: RegExp): string {
  const everywhere = new RegExp(source, flags.includes('g') ? flags : `${flags}g`);
  return text
    .split('\n')
    .map((line) => line.replaceAll(everywhere, ''))
    .join('\n');
}
