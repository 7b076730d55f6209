import type { RealPath } from '@keepset/symlink-resolver';
import { foldAccesses, type RunAccesses } from './accesses/fold-accesses.js';
import { keepMetPlaces, metRequests } from './accesses/keep-met-places.js';
import { fillDirectories } from './closure/fill-directories.js';
import { closeOverParents } from './closure/keep-closure.js';
import { KeptEnds } from './closure/kept-ends.js';
import { rememberLinks } from './closure/remember-links.js';
import { resolveTogether } from './closure/resolve-together.js';
import { keepFamilies } from './families/keep-families.js';
import type { ImageNeeds } from './image/image-needs.js';
import { keepNeededPlaces, keepNeededPrograms } from './image/keep-needed.js';
import { neededPlaces } from './image/needed-places.js';
import type { PackageOwners } from './image/package-owners.js';
import { readOwners } from './image/read-owners.js';
import type { SourceImage } from './image/source-image.js';
import { dropUnwanted } from './options/drop-unwanted.js';
import { keepPackages } from './options/keep-packages.js';
import { type CallersProgram, keepCallersPrograms } from './options/keep-programs.js';
import { keepWanted } from './options/keep-wanted.js';
import { keepListed, type ListedPolicy } from './options/listed-directories.js';
import { type RoundUp, roundUpDirectories } from './options/round-up.js';
import { roundUpPackages } from './options/round-up-packages.js';
import { guardSecrets, type SecretsPolicy } from './options/secrets.js';
import type { KeepPlan } from './plan/keep-plan.js';
import type { Keeping } from './plan/keeping.js';
import { sortedPaths } from './plan/sorted-paths.js';
import { followPrograms } from './programs/follow-programs.js';
import { nameSetuid } from './programs/name-setuid.js';
import { neededPrograms } from './programs/needed-programs.js';
import { programRequests } from './programs/program-search.js';

/**
 * What most programs will turn out to need. Nothing is kept for being here; but its links are read in the first
 * rounds, and need none of their own later.
 */
const LIKELY = [
  '/bin/sh',
  '/bin/bash',
  '/usr/bin/env',
  '/lib64/ld-linux-x86-64.so.2',
  '/lib/ld-linux-aarch64.so.1',
  '/lib/ld-musl-x86_64.so.1',
  '/lib/ld-musl-aarch64.so.1',
  '/etc/nsswitch.conf',
].map((path) => ({ path }));

/** What is kept besides what the runs used, and what is dropped. */
export interface PlanOptions {
  readonly needs: ImageNeeds;
  /** Patterns (`PathPattern`) of what stays besides. Default none. */
  readonly keep?: readonly string[];
  /** Programs that somebody starts beside the runs. Default none. */
  readonly callersPrograms?: readonly CallersProgram[];
  /** Names of packages that stay whole (`ggplot2`, `deb:libc6`). Default none. */
  readonly keepPackages?: readonly string[];
  /** Patterns of what goes, unless a run opened it. Wins over `keep`. Default none. */
  readonly drop?: readonly string[];
  /** Default `drop`. */
  readonly listed?: ListedPolicy;
  /** Directories that were listed by runs whose accesses are not given. Default none. */
  readonly alsoListed?: readonly RealPath[];
  /** Default `file`. */
  readonly roundUp?: RoundUp;
  /** Default `keep`. */
  readonly secrets?: SecretsPolicy;
}

/**
 * Decide which paths of an image stay, and why.
 *
 * What runs met and the image has is kept (also where a call failed in a way that proves it is there), with
 * what no trace shows: interpreters, loaders, what the engine and every program expect, and each link and
 * directory on the way. Accesses are read as streams; what is held follows the distinct paths. The source is
 * asked in batches: the number of questions follows the nesting of links and scripts, not the number of paths.
 *
 * The same accesses give the same plan; more accesses never keep less.
 *
 * @throws PlanError PLAN_BAD_SOURCE, PLAN_BAD_PATTERN, PLAN_DROP_NEEDED, PLAN_SECRET
 */
export async function planKeep(
  runs: readonly RunAccesses[],
  source: SourceImage,
  options: PlanOptions,
): Promise<KeepPlan> {
  const { needs, keep = [], keepPackages: packages = [], drop = [], alsoListed = [] } = options;
  const { listed = 'drop', roundUp = 'file', secrets = 'keep' } = options;
  const keeping: Keeping = {
    needs,
    source: rememberLinks(source),
    ends: new KeptEnds(source.tree),
    warnings: [],
  };
  const { ends, warnings } = keeping;

  const { places, unplaced } = await foldAccesses(runs);
  if (unplaced > 0) warnings.push({ kind: 'unplaced', count: unplaced });
  const needed = neededPlaces(needs);
  const programs = neededPrograms(needs);
  const [ofPlaces = [], ofNeeded = [], , ...ofPrograms] = await resolveTogether(
    [metRequests(places), needed, LIKELY, ...programs.map(({ name }) => programRequests({ ...needs, name }))],
    keeping.source,
  );
  const met = keepMetPlaces(places, ofPlaces, keeping);
  keepNeededPlaces(needed, ofNeeded, keeping);
  const started = keepNeededPrograms(programs, ofPrograms, keeping);
  await followPrograms([...met.executed, ...started], keeping);

  const listedDirectories = sortedPaths([...met.listed, ...alsoListed]);
  const owners = roundUp === 'package' || packages.length > 0 ? await readOwners(source) : NO_OWNERS;
  if (roundUp === 'dir') roundUpDirectories(keeping);
  if (roundUp === 'package') roundUpPackages(owners, keeping);
  keepListed(listed, listedDirectories, keeping);
  fillDirectories(met.notEmpty, keeping);
  await keepWanted(keep, keeping);
  await keepCallersPrograms(options.callersPrograms ?? [], keeping);
  await keepPackages(packages, owners, keeping);
  await keepFamilies(listedDirectories, keeping);
  await dropUnwanted(drop, keeping);
  guardSecrets(secrets, keeping);

  const kept = closeOverParents(ends, source.tree);
  nameSetuid(kept, keeping);
  return {
    kept,
    executed: sortedPaths(met.executed.map(({ path }) => path)),
    listed: listedDirectories.filter((path) => kept.has(path)),
    warnings,
  };
}

const NO_OWNERS: PackageOwners = { ownersOf: () => [], named: () => [] };
