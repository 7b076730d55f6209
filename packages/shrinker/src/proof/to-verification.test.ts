import { expect, it } from 'vitest';
import type { RunVerdict } from './judge-all.js';
import { toVerification } from './to-verification.js';

const HELD = { exactly: 1, byMask: 0, notAtAll: 0 };

/** What a judge says of one run of a result, as far as it is told. */
function verdictOf(run: RunVerdict['run'], notCompared: RunVerdict['notCompared']): RunVerdict {
  const nothing = { differences: [], masked: [], flaky: [], isLikeNoise: true, lines: HELD, files: HELD };
  return {
    ...nothing,
    notCompared,
    samples: 2,
    resultRuns: 1,
    run,
    judge: {} as never,
    further: Promise.resolve(undefined),
  };
}

it('what one run of a repaired result could not be held to, a later one does not make up for', () => {
  const run = { run: { name: 'main' } } as RunVerdict['run'];
  const unknown = { where: 'stderr', reason: 'varies-seldom' } as const;
  const judged = [verdictOf(run, [])];
  const [partly, wholly] = [verdictOf(run, [unknown]), verdictOf(run, [])];
  for (const verdicts of [
    [partly, wholly],
    [wholly, partly],
    [partly, partly],
  ])
    expect(toVerification(verdicts, judged, {})).toMatchObject({
      level: 'verified in part',
      notCompared: [{ ...unknown, run: 'main' }],
    });
  expect(toVerification([wholly, { ...wholly, resultRuns: 3 }], judged, {})).toMatchObject({
    level: 'verified',
    runs: { source: 2, result: 4 },
    notCompared: [],
    lines: HELD,
  });
});
