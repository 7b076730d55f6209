import { comparePrograms, endedAs } from './compare-programs.js';
import { type Comparison, NOTHING, sum } from './comparison.js';
import { compareFiles } from './files/compare-files.js';
import {
  type FileState,
  type ProgramOutcome,
  type RunOutcome,
  type StepOutcome,
  toContent,
} from './run-outcome.js';

/** What is not compared. */
export interface ComparisonOptions {
  /** What is taken out of the lines of output before they are compared. Default none. */
  readonly ignoreOutput?: readonly RegExp[];
  /** Files that are not compared, by path (a byte string). Default none. */
  readonly ignoreFile?: (path: string) => boolean;
  /** Further runs of the same result: they tell whether it is always so, and are no evidence for it. Default none. */
  readonly others?: readonly RunOutcome[];
}

/**
 * Hold a run against one or more runs of what it should be the same as.
 *
 * With one sample everything counts. With several, all that they have in common is to be the same: what varies is learnt from
 * them alone, field by field, and nothing that the result does widens it. See `learnTextMask` for texts, `compareBytes` for
 * other contents.
 *
 * @param samples  at least one; those that could not be started, or not be asked everything, say nothing
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
  const started = samples.filter(({ exitStatus }) => exitStatus !== undefined);
  const known = started.length > 0 ? started : samples;
  const compared = (files: ReadonlyMap<string, FileState>) =>
    new Map([...files].filter(([path]) => !ignoreFile(path)));
  const files = known.map((each) => compared(each.files));
  const options = {
    isChancy: vary(known, files),
    withoutIgnored: (text: string) => ignoreOutput.reduce((rest, pattern) => takeOut(rest, pattern), text),
  };
  const parts = [await comparePrograms({ samples: known, result, others }, options)];
  const stepCount = Math.max(...[...known, result].map(({ steps = [] }) => steps.length));
  for (let index = 0; index < stepCount; index++) {
    const same = (each: RunOutcome) => each.steps?.[index] ?? [];
    const asked = known.flatMap(same);
    const answered = asked.filter(({ exitStatus }) => exitStatus !== undefined);
    const step = result.steps?.[index] ?? notAsked(asked[0]?.name ?? '');
    const programs = {
      samples: answered.length > 0 ? answered : asked,
      result: step,
      others: others.flatMap(same),
    };
    parts.push(await comparePrograms(programs, { ...options, step: step.name }));
  }
  const ofFiles = await compareFiles(
    {
      samples: endedAs(result, known).map((each) => compared(each.files)),
      result: compared(result.files),
      others: others.map((each) => each.files),
    },
    options.isChancy,
  );
  return [...parts, { ...NOTHING, ...ofFiles }].reduce(sum, NOTHING);
}

/** A step to which a run did not come. */
function notAsked(name: string): StepOutcome {
  return { name, exitStatus: undefined, stdout: toContent(''), stderr: toContent('') };
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

function takeOut(text: string, { source, flags }: RegExp): string {
  const everywhere = new RegExp(source, flags.includes('g') ? flags : `${flags}g`);
  return text
    .split('\n')
    .map((line) => line.replaceAll(everywhere, ''))
    .join('\n');
}
