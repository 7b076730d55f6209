import type { LayerPaths } from '@keepset/image-builder';
import type { ImageTree, TreeEntry } from '@keepset/image-tree';
import type { Inventory } from '@keepset/inventory';

/** Engines stack 127 layers at most; each costs a moment whenever the image is used. */
const PACKAGE_LAYERS_MAX = 60;

/** What the distribution installs lies below what is installed on top of it. */
const SYSTEM_ECOSYSTEMS: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm']);

/**
 * Group kept paths by package. What goes together follows from the source alone, never from what else is kept: two
 * images of one source that keep the same files of a package have that layer in common. The largest packages have a
 * layer each, the others one together, and what no package owns is the topmost, with all folders.
 *
 * @param kept  of the tree
 */
export function layersByPackage(
  kept: Iterable<string>,
  tree: ImageTree,
  { packages, owners }: Pick<Inventory, 'packages' | 'owners'>,
): readonly LayerPaths[] {
  const ownerOf = ({ path }: TreeEntry): number | undefined => owners.get(firstName(path, tree))?.[0];
  const sizes = packages.map(() => 0);
  for (const entry of tree.entries()) {
    const owner = entry.type === 'file' ? ownerOf(entry) : undefined;
    if (owner !== undefined) sizes[owner] = (sizes[owner] ?? 0) + entry.sizeBytes;
  }
  const ranked = [...packages.keys()].sort(
    (one, other) => (sizes[other] ?? 0) - (sizes[one] ?? 0) || one - other,
  );
  const isSystem = (index: number) => SYSTEM_ECOSYSTEMS.has(packages[index]?.ecosystem ?? '');
  const own = ranked
    .slice(0, PACKAGE_LAYERS_MAX)
    .sort((one, other) => Number(isSystem(other)) - Number(isSystem(one)));
  const place = new Map(own.map((index, at) => [index, at]));
  const [others, unowned] = [own.length, own.length + 1];

  const groups: string[][] = Array.from({ length: own.length + 2 }, () => []);
  for (const path of kept) {
    const entry = tree.get(path);
    if (entry === undefined) continue;
    const owner = entry.type === 'directory' ? undefined : ownerOf(entry);
    const group = owner === undefined ? unowned : (place.get(owner) ?? others);
    groups[group]?.push(path);
  }
  const names = [...own.map((index) => packages[index]?.purl ?? ''), 'other packages', 'of no package'];
  return groups.flatMap((paths, at) => (paths.length === 0 ? [] : [{ name: names[at] ?? '', paths }]));
}

/** The names of one file stay together, where the first of them in the source belongs. */
function firstName(path: string, tree: ImageTree): string {
  const entry = tree.get(path);
  if (entry === undefined || entry.linkCount < 2 || entry.type === 'directory') return path;
  return [path, ...tree.hardLinks(path).map((link) => link.path)].sort()[0] ?? path;
}
