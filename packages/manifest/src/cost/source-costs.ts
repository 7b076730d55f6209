import type { ImageTree } from '@keepset/image-tree';
import type { InstalledPackage, Inventory } from '@keepset/inventory';
import type { KeepPlan } from '@keepset/keep-planner';
import type { FileListing } from '../listing/file-listing.js';
import { folderOf } from '../listing/folder-of.js';
import { readManifestListings } from '../listing/read-listings.js';
import { ManifestError } from '../manifest-error.js';
import { firstNameOf } from '../record/first-name.js';
import {
  costRuns,
  costRunsByGroup,
  type GroupCosts,
  type NamedRun,
  type RunCosts,
  type RunFile,
} from './run-costs.js';

/** What several runs keep of one source. */
export interface SourceRuns {
  readonly runs: readonly (NamedRun & { readonly files: ReadonlyMap<string, OwnedFile> })[];
  /** Undefined where nobody looked. */
  readonly packages: readonly InstalledPackage[] | undefined;
}

interface OwnedFile extends RunFile {
  /** Places in the list of packages. */
  readonly owners: readonly number[];
}

/** A manifest, and what its runs are to be called together. */
export interface NamedManifest {
  readonly name: string;
  readonly file: string;
}

/**
 * The runs of several manifests of one source.
 *
 * @throws ManifestError MANIFEST_INVALID; SOURCES_DIFFER
 */
export async function readRuns(manifests: readonly NamedManifest[]): Promise<SourceRuns> {
  const runs: SourceRuns['runs'][number][] = [];
  let source: string | undefined;
  let packages: SourceRuns['packages'];
  for (const [index, { name, file }] of manifests.entries()) {
    const { result, rest } = await readManifestListings(file, 'runs');
    if (source !== undefined && rest.source.id !== source) {
      throw new ManifestError(
        'SOURCES_DIFFER',
        `${file} is of another source than ${manifests[0]?.file}: what they keep cannot be counted together`,
        { hint: 'Shrink one image to each command; two images are to be compared, not counted.' },
      );
    }
    source = rest.source.id;
    // The same source has the same packages, unless one manifest was written without.
    packages = index === 0 || packages !== undefined ? rest.packages : undefined;
    runs.push({ name, files: toOwnedFiles(result) });
  }
  return { runs, packages };
}

function toOwnedFiles({ files }: FileListing): ReadonlyMap<string, OwnedFile> {
  return new Map(
    [...files].map(([path, { sizeBytes = 0, hardLinkTo, owners }]) => [
      path,
      { sizeBytes, hardLinkTo, owners },
    ]),
  );
}

/** What each of several runs needs of one source, before there is a manifest. */
export interface PlannedRuns {
  readonly tree: ImageTree;
  readonly inventory: Inventory;
  /** In the order given. */
  readonly runs: readonly { readonly name: string; readonly plan: KeepPlan }[];
}

/** The runs of a source that were just traced. */
export function toSourceRuns({ tree, inventory, runs }: PlannedRuns): SourceRuns {
  return {
    packages: inventory.packages,
    runs: runs.map(({ name, plan }) => ({
      name,
      files: new Map(
        [...plan.kept.values()].map(({ path, stub }) => {
          const entry = tree.get(path);
          const isWhole = entry?.type === 'file' && !stub;
          const file = {
            sizeBytes: isWhole ? entry.sizeBytes : 0,
            hardLinkTo: isWhole ? firstNameOf(entry, tree) : undefined,
            owners: inventory.owners.get(path) ?? [],
          };
          return [path, file];
        }),
      ),
    })),
  };
}

/** What each run costs among the others. */
export function costOf({ runs }: SourceRuns): RunCosts {
  return costRuns(runs);
}

/**
 * The same by package; groups are packages with their ecosystem (`deb:libc6`).
 *
 * @throws ManifestError MANIFEST_INVALID  the packages are not known
 */
export function costByPackage({ runs, packages }: SourceRuns): readonly GroupCosts[] {
  if (packages === undefined) {
    throw new ManifestError('MANIFEST_INVALID', 'not every manifest tells of packages', {
      hint: 'An older keepset wrote it: shrink the image again, and have this version write the manifest.',
    });
  }
  const names = packages.map(({ ecosystem, name }) => `${ecosystem}:${name}`);
  return costRunsByGroup(runs, (_path, { owners }) => owners.flatMap((index) => names[index] ?? []));
}

/**
 * The same by folder; groups are byte strings.
 *
 * @param depth  at least 1
 */
export function costByFolder({ runs }: SourceRuns, depth: number): readonly GroupCosts[] {
  return costRunsByGroup(runs, (path) => [folderOf(path, depth)]);
}
