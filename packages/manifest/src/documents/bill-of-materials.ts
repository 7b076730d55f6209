import type { ImageTree } from '@keepset/image-tree';
import { type BillContents, type BillPackage, type Inventory, toCycloneDx, toSpdx } from '@keepset/inventory';
import type { KeepPlan, KeptPath } from '@keepset/keep-planner';
import { printPath } from '@keepset/strace-parser';
import type { StoredManifest } from '../record/read-manifest.js';
import { digestsOf } from '../record/result-name.js';
import { inventoryOf, usesOf } from '../usage/manifest-usage.js';

interface BillOptions {
  readonly format: 'cyclonedx' | 'spdx';
  /** Of keepset. */
  readonly toolVersion: string;
  /** ISO 8601: SPDX asks for it, CycloneDX goes without. */
  readonly createdAt: string;
}

/**
 * The bill of materials of a result: the packages of which it has files.
 *
 * @throws ManifestError MANIFEST_INVALID  it was written without owners
 */
export async function writeBill(
  manifest: StoredManifest,
  { format, toolVersion, createdAt }: BillOptions,
): Promise<string> {
  const contents = contentsOf(manifest, toolVersion);
  return format === 'spdx' ? toSpdx(contents, createdAt) : await toCycloneDx(contents);
}

function contentsOf(manifest: StoredManifest, toolVersion: string): BillContents {
  const { digest } = digestsOf(manifest.result);
  return toBillContents({
    inventory: inventoryOf(manifest),
    files: keptFiles(manifest),
    image: { name: manifest.result.reference ?? digest, digest },
    toolVersion,
  });
}

function* keptFiles(manifest: StoredManifest): Iterable<BillFile> {
  for (const [path, { type, isKept, owners }] of manifest.entries)
    if (isKept) yield { path, type, owners, isUsed: isUsed(path, manifest) };
}

function isUsed(path: string, manifest: Pick<StoredManifest, 'kept'>): boolean {
  return usesOf(path, manifest).some(({ kind }) => kind !== 'seen');
}

/** A kept entry. */
interface BillFile {
  readonly path: string;
  readonly type: string;
  readonly owners: readonly number[];
  /** Whether a run executed, loaded or read it. */
  readonly isUsed: boolean;
}

interface BillParts {
  readonly inventory: Pick<Inventory, 'packages' | 'system'>;
  readonly files: Iterable<BillFile>;
  readonly image: BillContents['image'];
  readonly toolVersion: string;
}

function toBillContents({ inventory, files, image, toolVersion }: BillParts): BillContents {
  const { packages, system } = inventory;
  const kept = packages.map((): string[] => []);
  const used = new Set<number>();
  let unownedFiles = 0;
  for (const { path, type, owners, isUsed } of files) {
    if (type === 'directory') continue;
    if (owners.length === 0 && type === 'file') unownedFiles++;
    for (const index of owners) {
      kept[index]?.push(path);
      if (isUsed) used.add(index);
    }
  }
  const rows = packages.flatMap((each, index): BillPackage[] => {
    const paths = (kept[index] ?? []).sort().map(printPath);
    return paths.length === 0 ? [] : [{ package: each, paths, isUsed: used.has(index) }];
  });
  return { image, toolVersion, system, packages: rows, unownedFiles };
}

/**
 * The bill of materials of a result that is still being made: the same as of its manifest later.
 *
 * @param image  its name, and the digest under which registries know it
 * @returns      CycloneDX, as JSON
 * @example await writeBillOfPlan(plan, { tree, inventory }, { image: { name: 'demo:small', digest }, toolVersion: '1.0.0' })
 */
export async function writeBillOfPlan(
  { kept }: Pick<KeepPlan, 'kept'>,
  { tree, inventory }: { readonly tree: ImageTree; readonly inventory: Inventory },
  { image, toolVersion }: Pick<BillParts, 'image' | 'toolVersion'>,
): Promise<string> {
  const paths = kept as ReadonlyMap<string, KeptPath>;
  const files = [...paths.keys()].map((path) => ({
    path,
    type: tree.get(path)?.type ?? 'file',
    owners: inventory.owners.get(path) ?? [],
    isUsed: isUsed(path, { kept: paths }),
  }));
  return await toCycloneDx(toBillContents({ inventory, files, image, toolVersion }));
}
