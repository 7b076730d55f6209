import type { Rights } from './rights.js';

/** How many system calls are allowed, each by the strongest reason for it. */
export interface CallCounts {
  readonly all: number;
  /** That runs were seen to make. */
  readonly runs: number;
  readonly base: number;
  readonly runtime: number;
}

/**
 * Count allowed calls by the strongest reason: a run's own, then the base, then runtimes.
 *
 * @example countCalls(findRights([], { architecture: 'amd64' })).runs // 0
 */
export function countCalls({ calls }: Pick<Rights, 'calls'>): CallCounts {
  const kinds = calls.map(({ reasons }) => {
    const all = new Set(reasons.map(({ kind }) => kind));
    if (all.has('run') || all.has('repair')) return 'runs';
    return all.has('base') ? 'base' : 'runtime';
  });
  const count = (kind: string) => kinds.filter((each) => each === kind).length;
  return { all: calls.length, runs: count('runs'), base: count('base'), runtime: count('runtime') };
}
