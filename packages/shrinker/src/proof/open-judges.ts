import { AsyncDisposableStack } from '@keepset/docker-engine';
import type { SourceRun } from '../run/source-run.js';
import { type CompareOptions, createJudge } from './judge.js';
import type { JudgedRun } from './judge-all.js';
import type { References } from './references.js';

/** Who judges results by each run. Disposing of them lets go of their samples. */
export interface Judges extends AsyncDisposable {
  readonly judged: readonly JudgedRun[];
}

/** A judge for each run of the source, who holds results against its references. */
export async function openJudges(
  runs: readonly SourceRun[],
  references: References,
  options: CompareOptions,
): Promise<Judges> {
  const judges = new AsyncDisposableStack();
  const judged = await Promise.all(
    runs.map(async (run): Promise<JudgedRun> => {
      const places = await run.ended.left.written();
      const further = references.furtherOf(run);
      const judge = judges.use(createJudge(references.of(run), { ...options, places, further }));
      return { run, judge, further };
    }),
  );
  return { judged, [Symbol.asyncDispose]: () => judges.disposeAsync() };
}
