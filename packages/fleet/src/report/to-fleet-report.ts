import type { FleetReportData, FleetReportPackage, FleetReportRound } from '@keepset/report';
import type { Round } from '../record/outcome.js';
import { causesOf, sumStatuses, type TaskStatus } from '../record/task-statuses.js';

/** A round and where its tasks stand. */
export interface RoundStatuses {
  readonly round: Round;
  readonly statuses: readonly TaskStatus[];
}

/** What is known of results by their manifests. */
export type ResultsReport = Pick<FleetReportData, 'packages' | 'sharing'>;

/**
 * What a report over a fleet shows: the tasks of its last round, and how rounds compare.
 *
 * @param rounds   at least one, the first one first
 * @param results  nothing where nobody looked
 */
export function toFleetReport(
  title: string,
  rounds: readonly RoundStatuses[],
  results: ResultsReport = {},
): FleetReportData {
  const { statuses = [] } = rounds.at(-1) ?? {};
  return {
    title,
    tasks: statuses.map(({ task, state, outcome: { result, error, seconds } = {}, exceeds }) => ({
      name: task.name,
      image: task.image,
      state,
      said: error?.code ?? result?.verdict ?? '',
      exceeds,
      sizes: result && { source: result.sourceBytes, result: result.sizeBytes },
      seconds,
    })),
    causes: causesOf(statuses),
    ...results,
    rounds: rounds.map(toReportRound),
  };
}

function toReportRound({ round: { number, startedAt, on }, statuses }: RoundStatuses): FleetReportRound {
  const { states, tasks, sourceBytes, resultBytes } = sumStatuses(statuses);
  return {
    ...{ number, startedAt, on, tasks, done: states.done, failed: states.failed + states.refused },
    sizes: { source: sourceBytes, result: resultBytes },
  };
}

/** A package of one result. */
export interface ResultPackage {
  readonly name: string;
  readonly ecosystem: string;
  readonly version: string;
  /** Of the files of it that are kept. */
  readonly sizeBytes: number;
}

/** Packages over all results: those of most results first. */
export class FleetPackages {
  readonly #packages = new Map<
    string,
    { name: string; ecosystem: string; versions: Set<string>; results: number; sizeBytes: number }
  >();

  /** @param packages  of one result */
  add(packages: Iterable<ResultPackage>): void {
    const seen = new Set<string>();
    for (const { name, ecosystem, version, sizeBytes } of packages) {
      const key = JSON.stringify([ecosystem, name]);
      const known = this.#packages.get(key) ?? {
        ...{ name, ecosystem, versions: new Set<string>() },
        ...{ results: 0, sizeBytes: 0 },
      };
      known.versions.add(version);
      known.sizeBytes += sizeBytes;
      if (!seen.has(key)) known.results++;
      seen.add(key);
      this.#packages.set(key, known);
    }
  }

  sorted(): readonly FleetReportPackage[] {
    return [...this.#packages.values()]
      .map((each) => ({ ...each, versions: [...each.versions].sort() }))
      .sort((one, other) => other.results - one.results || (one.name < other.name ? -1 : 1));
  }
}
