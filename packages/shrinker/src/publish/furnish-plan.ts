import {
  type GeneratedEntry,
  type Inventory,
  type InventoryWarning,
  type MetadataPolicy,
  planMetadata,
} from '@keepset/inventory';
import { type KeepPlan, keepMetadata, parsePathPattern } from '@keepset/keep-planner';
import { wholeFiles } from '../source/inventory-image.js';
import type { ReadSource } from '../source/open-source.js';
import { parentFolder } from '../source/parent-folder.js';

/** A plan with what a result tells scanners of its packages. */
export interface FurnishedPlan {
  readonly plan: KeepPlan;
  /** By the bytes of the paths. */
  readonly generated: readonly GeneratedEntry[];
  readonly warnings: readonly InventoryWarning[];
}

export interface MetadataOptions {
  readonly policy: MetadataPolicy;
  /** Patterns of what goes, unless a run opened it. Default none. */
  readonly drop?: readonly string[];
}

/** Add the package databases of what a plan keeps, as far as no run met them: those stay as they are. */
export async function furnishPlan(
  source: Pick<ReadSource, 'tree' | 'heads'>,
  plan: KeepPlan,
  inventory: Inventory,
  { policy, drop = [] }: MetadataOptions,
): Promise<FurnishedPlan> {
  const tree = await source.tree();
  const readFiles = wholeFiles(tree, await source.heads());
  const patterns = drop.map(parsePathPattern);
  const kept = plan.kept as ReadonlyMap<string, { readonly stub?: true }>;
  const {
    kept: files,
    generated,
    warnings,
  } = await planMetadata({ tree, readFiles }, inventory, {
    policy,
    left: {
      paths: kept.keys(),
      has: (path) => kept.has(path),
      isStub: (path) => kept.get(path)?.stub === true,
      listed: new Set<string>(plan.listed),
      isUnwanted: (path) =>
        withFolders(path).some((place) => patterns.some((pattern) => pattern.matches(place))),
    },
  });
  const made = new Set(generated.map(({ path }) => path));
  const folders = new Map<string, string>();
  for (const { path } of generated) {
    const folder = parentFolder(path);
    if (!made.has(folder) && !folders.has(folder)) folders.set(folder, path);
  }
  return { plan: keepMetadata(plan, { files, folders }, tree), generated, warnings };
}

function withFolders(path: string): readonly string[] {
  const places = [path];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    places.push(path.slice(0, at));
  return places;
}
