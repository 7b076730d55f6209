import type { GeneratedEntry } from '@keepset/image-builder';
import { type ImageTree, sumBytes } from '@keepset/image-tree';
import type { KeepPlan } from '@keepset/keep-planner';

/** Bytes of the files of a result, as an engine counts them: without the headers of the layer's tar. */
export function keptBytes(plan: KeepPlan, generated: readonly GeneratedEntry[], tree: ImageTree): number {
  const whole = [...plan.kept.values()].flatMap(({ path, stub }) => (stub ? [] : (tree.get(path) ?? [])));
  return generated.reduce((sum, { content }) => sum + (content?.length ?? 0), sumBytes(whole));
}
