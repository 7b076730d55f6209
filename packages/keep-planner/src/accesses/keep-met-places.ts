import type { RealPath, Resolution, ResolveRequest } from '@keepset/symlink-resolver';
import type { Keeping } from '../plan/keeping.js';
import type { Reason } from '../plan/reason.js';
import type { ProgramFile } from '../programs/follow-programs.js';
import type { AskedPlace } from './fold-accesses.js';

export interface MetPlaces {
  /** Files that runs executed. */
  readonly executed: readonly ProgramFile[];
  /** Directories that runs listed. */
  readonly listed: readonly RealPath[];
  /** Directories that runs could not remove or replace, because they were not empty. */
  readonly notEmpty: readonly RealPath[];
}

/** What a run asked for, and then what the kernel answered where that is something else. */
export function metRequests(places: readonly AskedPlace[]): readonly ResolveRequest[] {
  const asked = places.map(({ path, follow, root }) => {
    return root === undefined ? { path, follow } : { path, follow, root };
  });
  return [...asked, ...kernelPaths(places).map(({ path }) => ({ path, follow: false }))];
}

/**
 * Keep what runs met: where the paths lead that they asked for, and where the kernel says that they led.
 *
 * @param resolutions  of `metRequests`
 */
export function keepMetPlaces(
  places: readonly AskedPlace[],
  resolutions: readonly Resolution[],
  keeping: Keeping,
): MetPlaces {
  const { tree } = keeping.source;
  const executed: ProgramFile[] = [];
  const listed: RealPath[] = [];
  const notEmpty: RealPath[] = [];
  const sortOut = (place: AskedPlace, path: RealPath) => {
    if (place.executed) executed.push(toProgramFile(path, place));
    if (place.listed) listed.push(path);
    if (place.notEmpty) notEmpty.push(path);
  };
  for (const [index, place] of places.entries()) {
    const resolution = resolutions[index] as Resolution;
    keepMetPlace(place, resolution, keeping);
    if (resolution.failure !== undefined || !tree.has(resolution.path)) continue;
    sortOut(place, resolution.path);
  }
  for (const [index, { place, placeIndex, path }] of kernelPaths(places).entries()) {
    const resolution = resolutions[places.length + index] as Resolution;
    if (resolution.failure !== undefined || !isKept(resolution, place, keeping)) continue;
    sortOut(place, resolution.path);
    const ours = resolutions[placeIndex];
    if (ours !== undefined && ours.failure === undefined && tree.has(ours.path) && ours.path !== path) {
      keeping.warnings.push({ kind: 'kernel-differs', path: place.path, ours: ours.path, kernels: path });
    }
  }
  return { executed, listed, notEmpty };
}

function kernelPaths(places: readonly AskedPlace[]) {
  return places.flatMap((place, placeIndex) => {
    return [...place.kernelPaths].map((path) => ({ place, placeIndex, path }));
  });
}

function isKept(resolution: Resolution, place: AskedPlace, { ends }: Keeping): boolean {
  return ends.add(resolution, reasonsAt(resolution.path, place));
}

function keepMetPlace(place: AskedPlace, resolution: Resolution, keeping: Keeping): void {
  // A result lacks what the source lacks as well.
  const isNowhere = place.reasons.every(({ errno }) => errno === 'ENOENT') && !place.succeeded;
  if (resolution.failure !== undefined && isNowhere) return;
  if (resolution.failure === undefined || !place.succeeded) {
    // Of a failed call, what stood in the way: a directory without permission, a file, a loop of links.
    isKept(resolution, place, keeping);
  } else {
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
