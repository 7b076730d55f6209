import {
  type FileUse,
  type PackageUsage,
  sumUsage,
  type Usage,
  type UsedFile,
  type UseKind,
} from '@keepset/inventory';
import type { Reason } from '@keepset/keep-planner';
import { ManifestError } from '../manifest-error.js';
import type { StoredInventory, StoredManifest } from '../record/read-manifest.js';

/** How much of each package a result has, and what runs did with it. */
export interface ManifestUsage {
  readonly packages: readonly PackageUsage[];
  /** Of the files that no package names. */
  readonly unowned: Usage;
}

/**
 * How much of each package of the source the runs used.
 *
 * @throws ManifestError MANIFEST_INVALID  it was written without owners
 */
export function usageOf(manifest: StoredManifest): ManifestUsage {
  return sumUsage(inventoryOf(manifest).packages, filesOf(manifest));
}

/** @throws ManifestError MANIFEST_INVALID  it was written without owners */
export function inventoryOf({ inventory }: Pick<StoredManifest, 'inventory'>): StoredInventory {
  if (inventory === undefined) {
    throw new ManifestError(
      'MANIFEST_INVALID',
      'the manifest does not tell of packages: an older keepset wrote it',
      {
        hint: 'Shrink the image again, and have this version write the manifest.',
      },
    );
  }
  return inventory;
}

const NO_USES: readonly FileUse[] = [];

function* filesOf(manifest: StoredManifest): Iterable<UsedFile> {
  for (const [path, { type, sizeBytes, isKept, owners }] of manifest.entries)
    if (type === 'file')
      yield { sizeBytes, kept: isKept, owners, uses: isKept ? usesOf(path, manifest) : NO_USES };
}

/** What was done with a path of a manifest; nothing where only a rule of the planner's or the user's kept it. */
export function usesOf(path: string, { kept }: Pick<StoredManifest, 'kept'>): readonly FileUse[] {
  return toUses(path, kept.get(path)?.reasons ?? []);
}

/** @param reasons  for which the path was kept */
export function toUses(path: string, reasons: readonly Reason[]): readonly FileUse[] {
  return reasons.flatMap((reason) => {
    const kind = kindOf(path, reason);
    if (kind === undefined) return [];
    return [reason.kind === 'access' ? { run: reason.run, kind } : { kind }];
  });
}

/** Each once, sorted. */
export function namesOfRuns(uses: readonly FileUse[]): readonly string[] {
  return [...new Set(uses.flatMap(({ run }) => run ?? []))].sort();
}

const SHARED_LIBRARY = /\.so(?:\.[0-9.]+)?$/;

function kindOf(path: string, reason: Reason): UseKind | undefined {
  if (reason.kind === 'rule') {
    // The kernel reads these itself, and no trace shows it.
    if (reason.rule === 'interpreter') return 'executed';
    return reason.rule === 'loader' ? 'loaded' : undefined;
  }
  if (reason.errno !== undefined) return 'seen';
  if (reason.action === 'execute') return 'executed';
  if (reason.action === 'open' || reason.action === 'write')
    return SHARED_LIBRARY.test(path) ? 'loaded' : 'read';
  return 'seen';
}
