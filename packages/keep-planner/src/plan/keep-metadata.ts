import type { ImageTree } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import type { KeepPlan, KeptPath } from './keep-plan.js';

/**
 * A plan with files that no run needs, and that tell scanners which packages there are; with the folders on the way
 * to them. What was kept before stays as it was, reasons and all.
 */
export function keepMetadata(
  plan: KeepPlan,
  {
    files,
    folders = new Map(),
  }: {
    /** Real paths → what each tells of: a PURL, or a path. */
    readonly files: ReadonlyMap<string, string>;
    /** That must be there besides, for files that are not the source's: real paths → what is in them. */
    readonly folders?: ReadonlyMap<string, string>;
  },
  tree: ImageTree,
): KeepPlan {
  const kept = new Map<RealPath, KeptPath>(plan.kept);
  const add = (path: string, from: string) => {
    if (kept.has(path as RealPath) || !tree.has(path)) return;
    kept.set(path as RealPath, {
      path: path as RealPath,
      reasons: [{ kind: 'rule', rule: 'metadata', from }],
    });
  };
  for (const [path, from] of [...files, ...folders]) {
    add(path, from);
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      add(path.slice(0, at), path);
    add('/', path);
  }
  const sorted = [...kept].sort(([one], [other]) => (one < other ? -1 : 1));
  return { ...plan, kept: new Map(sorted) };
}

/** Whether a path is kept for scanners alone: it is no part of a keep list, and found anew for each. */
export function isMetadata({ reasons }: Pick<KeptPath, 'reasons'>): boolean {
  return reasons.every((reason) => reason.kind === 'rule' && reason.rule === 'metadata');
}
