import type { LayerPaths } from '@keepset/image-builder';
import type { ImageTree } from '@keepset/image-tree';
import { chooseSharedLayers, type SharedLayers } from '@keepset/manifest';

/** What is known of a result besides its paths. */
export interface SharingResult {
  readonly tree: ImageTree;
  /** Id of its source. */
  readonly source: string;
  readonly shared: SharedLayers;
  /** Paths that are not in it as they are in the source. */
  readonly others: ReadonlySet<string>;
}

/**
 * Group kept paths as results of a fleet share them: what others have as well in layers of its own, and the rest, with all
 * folders, as the topmost.
 *
 * @param kept  of the tree
 */
export function layersByPlan(
  kept: readonly string[],
  { tree, source, shared, others }: SharingResult,
): readonly LayerPaths[] {
  const files = new Set(kept.filter((path) => tree.get(path)?.type === 'file' && !others.has(path)));
  const taken = new Set<string>();
  const layers = chooseSharedLayers(files, source, shared).flatMap(({ name, paths }): LayerPaths[] => {
    const own = new Set(paths);
    // The names of one file stay together; nothing is in two layers, whoever wrote the plan.
    const isWhole = paths.every(
      (path) =>
        !taken.has(path) && tree.hardLinks(path).every((link) => !files.has(link.path) || own.has(link.path)),
    );
    if (!isWhole) return [];
    for (const path of own) taken.add(path);
    return [{ name, paths }];
  });
  const rest = kept.filter((path) => !taken.has(path));
  return rest.length === 0 ? layers : [...layers, { name: 'of this result', paths: rest }];
}
