import { type RealPath, type Resolution, type ResolveRequest, resolvePaths } from '@keepset/symlink-resolver';
import { dropEnds } from './drop-ends.js';
import { fillDirectories } from './fill-directories.js';
import { findPrograms } from './find-programs.js';
import { type AskedPlace, foldAccesses, type RunAccesses } from './fold-accesses.js';
import { followPrograms, type ProgramFile } from './follow-programs.js';
import type { ImageNeeds } from './image-needs.js';
import { closeOverParents } from './keep-closure.js';
import type { KeepPlan } from './keep-plan.js';
import { KeptEnds } from './kept-ends.js';
import { keepListed, type ListedPolicy } from './listed-directories.js';
import { neededPlaces } from './needed-places.js';
import { neededPrograms } from './needed-programs.js';
import type { PlanWarning } from './plan-warning.js';
import type { Reason } from './reason.js';
import { rememberLinks } from './remember-links.js';
import { type RoundUp, roundUpEnds } from './round-up.js';
import { guardSecrets, type SecretsPolicy } from './secrets.js';
import { selectEntries } from './select-entries.js';
import type { SourceImage } from './source-image.js';

export interface PlanOptions {
  readonly needs: ImageNeeds;
  /** Patterns (`PathPattern`) of what stays besides. Default none. */
  readonly keep?: readonly string[];
  /** Patterns of what goes, unless a run opened it. Wins over `keep`. Default none. */
  readonly drop?: readonly string[];
  /** Default `drop`. */
  readonly listed?: ListedPolicy;
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
  const { needs, keep = [], drop = [], listed = 'drop', roundUp = 'file', secrets = 'keep' } = options;
  const { tree } = source;
  const links = rememberLinks(source);
  const remembered: SourceImage = {
    tree,
    readLinks: (paths) => links.readLinks(paths),
    readHeads: (paths, maxBytes) => source.readHeads(paths, maxBytes),
  };
  const ends = new KeptEnds(tree);
  const warnings: PlanWarning[] = [];

  const { places, unplaced } = await foldAccesses(runs);
  if (unplaced > 0) warnings.push({ kind: 'unplaced', count: unplaced });
  const met = await keepMetPlaces(places, { source: remembered, ends, warnings });
  await keepNeededPlaces(needs, remembered, ends);
  const started = await keepNeededPrograms(needs, { source: remembered, ends, warnings });
  await followPrograms([...met.executed, ...started], {
    source: remembered,
    needs: needs,
    ends,
    warn: (warning) => warnings.push(warning),
  });

  const listedDirectories = sortedPaths(met.listed);
  roundUpEnds(roundUp, ends, remembered);
  keepListed(listed, listedDirectories, { source: remembered, ends });
  fillDirectories(ends, remembered);
  const wanted = await selectEntries(keep, remembered, { followLast: true });
  for (const [path, { pattern, crossed }] of wanted.entries) {
    ends.add({ path, crossed }, [{ kind: 'rule', rule: 'keep', from: pattern }]);
  }
  const unwanted = await selectEntries(drop, remembered, { followLast: false });
  dropEnds(unwanted, ends, remembered);
  for (const pattern of wanted.unmatched)
    warnings.push({ kind: 'pattern-unmatched', option: 'keep', pattern });
  for (const pattern of unwanted.unmatched)
    warnings.push({ kind: 'pattern-unmatched', option: 'drop', pattern });
  warnings.push(...guardSecrets(secrets, ends, remembered));

  const kept = closeOverParents(ends, tree);
  return {
    kept,
    executed: sortedPaths(met.executed.map(({ path }) => path)),
    listed: listedDirectories.filter((path) => kept.has(path)),
    warnings,
  };
}

interface Keeping {
  readonly source: SourceImage;
  readonly ends: KeptEnds;
  readonly warnings: PlanWarning[];
}

interface MetPlaces {
  readonly executed: readonly ProgramFile[];
  readonly listed: readonly RealPath[];
}

async function keepMetPlaces(places: readonly AskedPlace[], keeping: Keeping): Promise<MetPlaces> {
  const { tree } = keeping.source;
  const kernelPaths = places.flatMap((place, placeIndex) => {
    return [...place.kernelPaths].map((path) => ({ place, placeIndex, path }));
  });
  const resolutions = await resolvePaths(
    [...places.map(toRequest), ...kernelPaths.map(({ path }) => ({ path, follow: false }))],
    keeping.source,
  );
  const executed: ProgramFile[] = [];
  const listed: RealPath[] = [];
  for (const [index, place] of places.entries()) {
    const resolution = resolutions[index] as Resolution;
    keepMetPlace(place, resolution, keeping);
    if (resolution.failure !== undefined || !tree.has(resolution.path)) continue;
    if (place.executed) executed.push(toProgramFile(resolution.path, place));
    if (place.listed) listed.push(resolution.path);
  }
  for (const [index, { place, placeIndex, path }] of kernelPaths.entries()) {
    const resolution = resolutions[places.length + index] as Resolution;
    if (resolution.failure !== undefined || !isKept(resolution, place, keeping)) continue;
    if (place.executed) executed.push(toProgramFile(resolution.path, place));
    if (place.listed) listed.push(resolution.path);
    const ours = resolutions[placeIndex];
    if (ours !== undefined && ours.failure === undefined && tree.has(ours.path) && ours.path !== path) {
      keeping.warnings.push({ kind: 'kernel-differs', path: place.path, ours: ours.path, kernels: path });
    }
  }
  return { executed, listed };
}

function isKept(resolution: Resolution, place: AskedPlace, { ends }: Keeping): boolean {
  return ends.add(resolution, reasonsAt(resolution.path, place));
}

function keepMetPlace(place: AskedPlace, resolution: Resolution, keeping: Keeping): void {
  if (resolution.failure === undefined || !place.succeeded) {
    // Of a failed call, what stood in the way: a directory without permission, a file, a loop of links.
    isKept(resolution, place, keeping);
  } else if (place.renamedTo === undefined) {
    // The run made it, or it was mounted: what the image has of the way there stays.
    const from = resolution.missing ?? place.path;
    keeping.ends.add(resolution, [{ kind: 'rule', rule: 'created', from }]);
  }
}

/** A program that was asked for as `./x` stands in the trace as `DIRECTORY/./x`, and so tells the directory. */
function toProgramFile(path: RealPath, place: AskedPlace): ProgramFile {
  const dot = place.path.indexOf('/./');
  const workingDirectory = dot === -1 ? undefined : place.path.slice(0, dot) || '/';
  return { path, root: place.root, workingDirectory, traced: true };
}

/** The reasons of a place, with what was asked where that is not the path itself. */
function reasonsAt(path: RealPath, place: AskedPlace): readonly Reason[] {
  const asked = place.renamedTo ?? (place.root ?? '') + place.path;
  return place.reasons.map((reason) => (asked === path ? reason : { ...reason, asked }));
}

async function keepNeededPlaces(needs: ImageNeeds, source: SourceImage, ends: KeptEnds): Promise<void> {
  const needed = neededPlaces(needs);
  const resolutions = await resolvePaths(needed, source);
  for (const [index, { rule, from }] of needed.entries()) {
    const resolution = resolutions[index] as Resolution;
    const reason: Reason = { kind: 'rule', rule, ...(from === undefined ? {} : { from }) };
    // A volume may be reached by a link that leads nowhere yet; of other places nothing is owed.
    if (resolution.failure === undefined || from === 'VOLUME') ends.add(resolution, [reason]);
  }
}

async function keepNeededPrograms(
  needs: ImageNeeds,
  { source, ends, warnings }: Keeping,
): Promise<readonly ProgramFile[]> {
  const programs = neededPrograms(needs);
  const found = await findPrograms(
    programs.map(({ name }) => ({ name, path: needs.path, workingDirectory: needs.workingDirectory })),
    { tree: source.tree, links: source },
  );
  return programs.flatMap(({ name, need }, index) => {
    const resolution = found[index];
    if (resolution === undefined) {
      warnings.push({ kind: 'program-missing', need, wanted: name });
      return [];
    }
    ends.add(resolution, [{ kind: 'rule', rule: 'engine', from: need }]);
    return [{ path: resolution.path, traced: false }];
  });
}

function toRequest({ path, follow, root }: AskedPlace): ResolveRequest {
  return root === undefined ? { path, follow } : { path, follow, root };
}

function sortedPaths(paths: Iterable<RealPath>): readonly RealPath[] {
  return [...new Set(paths)].sort((left, right) => (left < right ? -1 : 1));
}
