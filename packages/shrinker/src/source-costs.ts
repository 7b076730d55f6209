import type { InstalledPackage } from '@keepset/inventory';
import type { FileListing } from './file-listing.js';
import { firstNameOf } from './first-name.js';
import { folderOf } from './folder-of.js';
import { readManifestListings } from './read-listings.js';
import {
  costRuns,
  costRunsByGroup,
  type GroupCosts,
  type NamedRun,
  type RunCosts,
  type RunFile,
} from './run-costs.js';
import { ShrinkError } from './shrink-error.js';
import type { TracedRuns } from './trace-runs.js';

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
 * @throws ShrinkError MANIFEST_INVALID; SOURCES_DIFFER
 */
export async function readRuns(manifests: readonly NamedManifest[]): Promise<SourceRuns> {
  const runs: SourceRuns['runs'][number][] = [];
  let source: string | undefined;
  let packages: SourceRuns['packages'];
  for (const [index, { name, file }] of manifests.entries()) {
    const { result, rest } = await readManifestListings(file, 'runs');
    if (source !== undefined && rest.source.id !== source) {
      throw new ShrinkError(
        'SOURCES_DIFFER',
        `${file} is of another source than ${manifests[0]?.file}: what they keep cannot be counted together`,
        { hint: 'Shrink the same image to each command; keepset diff compares different ones.' },
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

/** The runs of a source that were just traced. */
export function toSourceRuns({ tree, inventory, runs }: TracedRuns): SourceRuns {
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
 * @throws ShrinkError MANIFEST_INVALID  the packages are not known
 */
export function costByPackage({ runs, packages }: SourceRuns): readonly GroupCosts[] {
  if (packages === undefined) {
    throw new ShrinkError('MANIFEST_INVALID', 'not every manifest tells of packages', {
      hint: 'An older keepset wrote it: write it anew with keepset shrink --manifest FILE.',
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
