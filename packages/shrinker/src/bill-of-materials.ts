import { type BillContents, type BillPackage, toCycloneDx, toSpdx } from '@keepset/inventory';
import { printPath } from '@keepset/strace-parser';
import { inventoryOf, usesOf } from './manifest-usage.js';
import type { StoredManifest } from './read-manifest.js';

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
 * @throws ShrinkError MANIFEST_INVALID  it was written without owners
 */
export async function writeBill(
  manifest: StoredManifest,
  { format, toolVersion, createdAt }: BillOptions,
): Promise<string> {
  const contents = contentsOf(manifest, toolVersion);
  return format === 'spdx' ? toSpdx(contents, createdAt) : await toCycloneDx(contents);
}

function contentsOf(manifest: StoredManifest, toolVersion: string): BillContents {
  const { packages, system } = inventoryOf(manifest);
  const kept = packages.map((): string[] => []);
  const used = new Set<number>();
  let unownedFiles = 0;
  for (const [path, { type, isKept, owners }] of manifest.entries) {
    if (!isKept || type === 'directory') continue;
    if (owners.length === 0 && type === 'file') unownedFiles++;
    const isUsed = usesOf(path, manifest).some(({ kind }) => kind !== 'seen');
    for (const index of owners) {
      kept[index]?.push(path);
      if (isUsed) used.add(index);
    }
  }
  const rows = packages.flatMap((each, index): BillPackage[] => {
    const paths = (kept[index] ?? []).sort().map(printPath);
    return paths.length === 0 ? [] : [{ package: each, paths, isUsed: used.has(index) }];
  });
  const { reference, id } = manifest.result;
  const image = { name: reference ?? id, digest: id };
  return { image, toolVersion, system, packages: rows, unownedFiles };
}
