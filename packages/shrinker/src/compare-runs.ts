import { type FileDifference, firstDifference } from './first-difference.js';
import type { OutputRecord, StreamName } from './record-output.js';

/** How a run ended and what it wrote. */
export interface RunOutcome {
  /** Undefined: it could not even be started; `failure` says why. */
  readonly exitStatus: number | undefined;
  readonly failure?: string;
  readonly output: OutputRecord;
}

/** One thing in which the result behaves otherwise than the source. */
export type Difference =
  | { readonly kind: 'not-started'; readonly reason: string }
  | { readonly kind: 'exit-status'; readonly source: number; readonly result: number }
  | ({ readonly kind: 'output'; readonly stream: StreamName } & FileDifference);

/** Everything that can be told apart between a run of the source and one of the result; empty: they are equal. */
export async function compareRuns(source: RunOutcome, result: RunOutcome): Promise<readonly Difference[]> {
  if (result.exitStatus === undefined) return [{ kind: 'not-started', reason: result.failure ?? 'unknown' }];
  const differences: Difference[] = [];
  if (source.exitStatus !== undefined && source.exitStatus !== result.exitStatus) {
    differences.push({ kind: 'exit-status', source: source.exitStatus, result: result.exitStatus });
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const [ours, theirs] = [source.output[stream], result.output[stream]];
    if (ours.sha256 === theirs.sha256) continue;
    differences.push({ kind: 'output', stream, ...(await firstDifference(ours.file, theirs.file)) });
  }
  return differences;
}
