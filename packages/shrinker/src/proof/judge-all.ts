import type { Progress } from '../progress.js';
import type { BuiltResult } from '../publish/build-result.js';
import type { EndedRun } from '../run/ended-run.js';
import type { Runner } from '../run/runner.js';
import { sharesOutside } from '../run/shares-outside.js';
import type { SourceRun } from '../run/source-run.js';
import type { Source } from '../source/open-source.js';
import type { Judge, Judgement } from './judge.js';
import { placeOfDifference } from './print-difference.js';
import type { ReferenceOptions } from './references.js';

/** A run, and who judges results by it. */
export interface JudgedRun {
  readonly run: SourceRun;
  readonly judge: Judge;
  /** A further sample that is on its way. */
  readonly further: Promise<EndedRun | undefined>;
}

/** How one run of a result did. */
export interface RunVerdict extends Judgement, JudgedRun {
  /** How often it was run for that. */
  readonly resultRuns: number;
}

export interface JudgeAllOptions extends ReferenceOptions {
  readonly progress: Pick<Progress, 'report'>;
}

/**
 * Run all commands in a result, one after another, and hold them against the source.
 *
 * @returns and how it is said when a stage ends
 */
export async function judgeAll(
  source: Source,
  runner: Runner,
  judged: readonly JudgedRun[],
  { image: { id } }: BuiltResult,
  { progress, allowFlaky = false }: JudgeAllOptions,
): Promise<readonly [readonly RunVerdict[], string]> {
  const verdicts: RunVerdict[] = [];
  // Those of the source may not have ended yet.
  const isAlone = judged.some(({ run }) => sharesOutside(run.run));
  for (const { run, judge, further } of judged) {
    const { name, service } = run.run;
    let resultRuns = 0;
    const judgement = await judge.judge({
      // A service is ended on purpose; what is asked of it counts.
      mayFail: allowFlaky && service?.steps.length !== 0,
      async runResult() {
        resultRuns++;
        progress.report('verify', `run '${name}' of the result`);
        if (isAlone) await Promise.all(judged.map(({ further }) => further));
        // Nothing more is asked of the source; its removal keeps the engine busy, and need not hold up a run's start.
        return await runner.run(run.run, id, { role: 'verify', onStarted: source.closeReader });
      },
      async runSource(why, count) {
        const place = placeOfDifference(why);
        progress.report('verify', `run ${count} of the source for '${name}', because ${place} differs`);
        return await runner.run(run.run, source.image.id, { role: 'sample' });
      },
    });
    verdicts.push({ run, judge, further, resultRuns, ...judgement });
  }
  const isSame = verdicts.every(({ differences }) => differences.length === 0);
  return [verdicts, isSame ? 'same exit status, output and files' : 'different'];
}
