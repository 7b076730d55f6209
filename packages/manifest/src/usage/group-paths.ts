import { AmountSum, type PathAmount } from '../listing/file-listing.js';
import { folderOf } from '../listing/folder-of.js';
import type { StoredPath } from '../record/entry-table.js';
import { inventoryOf } from './manifest-usage.js';
import type { ImageRecord } from './record-image.js';

/** By what paths are put together. */
export type PathGrouping = 'package' | 'dir' | 'run' | 'process';

/** Paths that have something in common. A path may be in several groups: two packages may own it, two runs use it. */
export interface PathGroup extends PathAmount {
  /**
   * A package with its ecosystem (`deb:libc6`), a folder, a run's name, or the words with which a program was started.
   * Undefined for what is of no package, and for what only rules keep. Folders and words are byte strings.
   */
  readonly name: string | undefined;
}

interface GroupOptions {
  /** What was removed of the source, in place of what was kept. Default false. */
  readonly removed?: boolean;
  /** Of folders: how many names deep. Default 2. */
  readonly depth?: number;
}

/**
 * What was kept, or removed, in groups, the largest first.
 *
 * @throws ManifestError MANIFEST_INVALID  by package, of a manifest that was written without owners
 */
export function groupPaths(
  manifest: ImageRecord,
  by: PathGrouping,
  { removed = false, depth = 2 }: GroupOptions = {},
): readonly PathGroup[] {
  const namesOf = NAMERS[by](manifest, depth);
  const groupsOf = (path: string, entry: StoredPath): ReadonlySet<string | undefined> => {
    const names = namesOf(path, entry);
    return new Set(names.length === 0 ? [undefined] : names);
  };
  const groups = new Map<string | undefined, AmountSum>();
  for (const [path, entry] of manifest.entries) {
    if (entry.isKept === removed) continue;
    for (const name of groupsOf(path, entry)) {
      const sum = groups.get(name) ?? new AmountSum();
      groups.set(name, sum);
      sum.add(entry);
    }
  }
  const isIn = (name: string | undefined, path: string): boolean => {
    const entry = manifest.entries.get(path);
    return entry !== undefined && entry.isKept !== removed && groupsOf(path, entry).has(name);
  };
  const rows = [...groups].map(([name, sum]) => ({ name, ...sum.amount((path) => isIn(name, path)) }));
  return rows.sort(
    (one, other) =>
      other.sizeBytes - one.sizeBytes ||
      other.paths - one.paths ||
      ((one.name ?? '') < (other.name ?? '') ? -1 : 1),
  );
}

type Namer = (path: string, entry: StoredPath) => readonly string[];

const NAMERS: Readonly<Record<PathGrouping, (manifest: ImageRecord, depth: number) => Namer>> = {
  package: (manifest) => {
    const { packages } = inventoryOf(manifest);
    return (_path, { owners }) =>
      owners.flatMap((index) => {
        const found = packages[index];
        return found === undefined ? [] : [`${found.ecosystem}:${found.name}`];
      });
  },
  dir: (_manifest, depth) => (path) => [folderOf(path, depth)],
  run: (manifest) => (path) => accessesOf(path, manifest).map(({ run }) => run),
  process: (manifest) => (path) =>
    accessesOf(path, manifest).flatMap(({ program }) =>
      program === undefined ? [] : [program.argv.join(' ') || program.path],
    ),
};

function accessesOf(path: string, { kept }: ImageRecord) {
  return (kept.get(path)?.reasons ?? []).flatMap((reason) => (reason.kind === 'access' ? [reason] : []));
}
