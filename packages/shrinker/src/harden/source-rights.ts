import {
  type CallFamily,
  type CapabilityRight,
  findPlaces,
  findRights,
  type PlacesImage,
  type Rights,
} from '@keepset/hardening';
import type { KeepPlan } from '@keepset/keep-planner';
import { printPath } from '@keepset/strace-parser';
import { privilegedPrograms } from '../plan/privileged-programs.js';
import { mountedPaths } from '../run/mounted-paths.js';
import type { SourceRun } from '../run/source-run.js';
import type { Source } from '../source/open-source.js';
import { readFileCapabilities } from './file-capabilities.js';
import type { ObservedRun } from './observe-run.js';

export interface SourceRightsOptions {
  /** What is executed. */
  readonly plan: Pick<KeepPlan, 'executed'>;
  /** In which it is to run. */
  readonly image: PlacesImage;
  readonly families: readonly CallFamily[];
}

/** The rights that traced runs of the source were seen to need: the first that a result is run under. */
export async function sourceRights(
  source: Source,
  runs: readonly ObservedRun[],
  { plan, image, families }: SourceRightsOptions,
): Promise<Rights> {
  const tree = await source.tree();
  const executed = plan.executed.filter((path) => tree.get(path)?.type === 'file');
  const capable = await readFileCapabilities(await source.reader(), executed);
  const gaining = runs.flatMap(({ run }) =>
    run.trace === undefined
      ? []
      : privilegedPrograms(
          executed,
          tree,
          run.trace.identity,
          capable.map(({ path }) => path),
        ),
  );
  const found = findRights(
    runs.map(({ observation }) => observation),
    {
      architecture: source.image.architecture,
      families,
      gaining: gaining.length > 0,
      rootRuns: runs.flatMap(({ run }) => (run.trace?.identity.uid === 0 ? [run.run.name] : [])),
      init: runs.some(({ run }) => run.run.options?.init),
    },
  );
  const written = await Promise.all(runs.map(({ run }) => writtenBy(source, run)));
  return {
    ...found,
    capabilities: withFileCapabilities(found.capabilities, capable, runs[0]?.run.run.name ?? ''),
    gaining: [...new Set(gaining.map(printPath))].sort(),
    ...findPlaces(written.flat(), image, plan.executed),
  };
}

/** What a run wrote to its root: its mounts can be written anyway. */
async function writtenBy({ image, coveredPaths }: Source, { run, ended }: SourceRun) {
  const { isOutside, isInVolume } = mountedPaths(run.options ?? {}, image.config, coveredPaths);
  const written = await ended.left.written();
  return written.filter(({ path }) => !isOutside(path) && !isInVolume(path));
}

function withFileCapabilities(
  capabilities: readonly CapabilityRight[],
  files: Awaited<ReturnType<typeof readFileCapabilities>>,
  run: string,
): readonly CapabilityRight[] {
  const all = new Map(capabilities.map((right) => [right.name, right]));
  for (const { path, names } of files) {
    for (const name of names) {
      const reasons = all.get(name)?.reasons ?? [];
      const reason = { kind: 'repair', run, program: printPath(path), call: 'execve' } as const;
      all.set(name, { name, reasons: [...reasons, reason] });
    }
  }
  return [...all.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}
