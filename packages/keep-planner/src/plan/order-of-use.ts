import type { AccessAction } from '@keepset/strace-parser';
import type { Explainable } from './explain-path.js';
import type { Reason } from './reason.js';

/** By which a program, or the kernel for it, gets at what is in a file. */
const READING: ReadonlySet<AccessAction> = new Set(['open', 'write', 'execute']);

/** What the kernel reads because of the file that it is told of. */
const WITH_PROGRAM: ReadonlySet<string> = new Set(['interpreter', 'loader']);

/**
 * The files whose content runs used, those first that a run used first: what a container reads when it starts. Of several runs
 * whichever came to a file earliest tells, so each of them has its beginning in front. Interpreters and loaders, which the kernel
 * reads and no trace shows, come right behind their program.
 *
 * @param paths  which files are asked about
 * @param kept   why they stay, as a plan or a manifest has it
 * @returns      of the paths those that were used; of one moment, by their bytes
 * @example
 * const access = { kind: 'access', run: 'main', action: 'open', call: 'openat', count: 1 };
 * const kept = new Map([[1, 'b'], [2, 'a']].map(([line, path]) => [path, { reasons: [{ ...access, line }] }]));
 * orderOfUse(kept.keys(), kept) // ['b', 'a']
 */
export function orderOfUse(paths: Iterable<string>, kept: Explainable['kept']): readonly string[] {
  const moments = new Map<string, Moment | undefined>();
  const momentOf = (path: string): Moment | undefined => {
    if (moments.has(path)) return moments.get(path);
    // Whoever comes here again on the way has none.
    moments.set(path, undefined);
    const { reasons = [] } = kept.get(path) ?? {};
    const line = firstLine(reasons);
    const moment = line === undefined ? behindProgram(reasons, momentOf) : { line, behind: 0 };
    moments.set(path, moment);
    return moment;
  };
  const used: (Moment & { readonly path: string })[] = [];
  for (const path of paths) {
    const moment = momentOf(path);
    if (moment !== undefined) used.push({ ...moment, path });
  }
  return used
    .sort(
      (one, other) => one.line - other.line || one.behind - other.behind || (one.path < other.path ? -1 : 1),
    )
    .map(({ path }) => path);
}

/** When a file was used first. */
interface Moment {
  /** Of a trace, from 1. */
  readonly line: number;
  /** How many programs of that line come before it. */
  readonly behind: number;
}

function firstLine(reasons: readonly Reason[]): number | undefined {
  const lines = reasons.flatMap((reason) =>
    reason.kind === 'access' && reason.errno === undefined && READING.has(reason.action) ? [reason.line] : [],
  );
  return lines.length === 0 ? undefined : Math.min(...lines);
}

function behindProgram(
  reasons: readonly Reason[],
  momentOf: (path: string) => Moment | undefined,
): Moment | undefined {
  const program = reasons.find((reason) => reason.kind === 'rule' && WITH_PROGRAM.has(reason.rule));
  const moment = program?.kind === 'rule' ? momentOf(program.from ?? '') : undefined;
  return moment && { line: moment.line, behind: moment.behind + 1 };
}
