import type { FileAccess } from '@keepset/strace-parser';
import { type AccessReason, toAccessReason } from '../plan/reason.js';
import { isAbsence, isMaking, metNotEmpty, provesPresence } from './proves-presence.js';
import { Renames } from './renames.js';

/** One traced command. */
export interface RunAccesses {
  readonly name: string;
  /** One by one or in batches, as they come; read once. */
  readonly accesses: AccessStream;
  /**
   * It is a run of a result that lacks something: what it did not find there counts as well, where the source has it.
   * Default false.
   */
  readonly ofResult?: boolean;
}

type AccessStream =
  | AsyncIterable<FileAccess | readonly FileAccess[]>
  | Iterable<FileAccess | readonly FileAccess[]>;

/** A reason while it is still counted. */
type CountedReason = AccessReason & { count: number };

/** All accesses to one path in one way. */
export interface AskedPlace {
  /** Absolute; inside `root`, if given. */
  readonly path: string;
  readonly follow: boolean;
  readonly root?: string;
  /** Whether a call succeeded, so that what the image lacks must have been made by the run, or mounted. */
  succeeded: boolean;
  executed: boolean;
  listed: boolean;
  /** Whether a call failed because of what the directory contains. */
  notEmpty: boolean;
  readonly reasons: CountedReason[];
  /** Where the kernel says that it led, as far as it said something else than `path`; the first few. */
  readonly kernelPaths: Set<string>;
  /** The name by which the run knew it, after it had renamed it or a directory above. */
  readonly renamedTo?: string;
}

export interface FoldedAccesses {
  /** In the order first met. */
  readonly places: readonly AskedPlace[];
  /** Accesses whose path is not absolute: the trace did not tell where they led. */
  readonly unplaced: number;
}

const MAX_KERNEL_PATHS = 8;

/** Read all accesses of all runs, as streams, into distinct places with a few reasons each. */
export async function foldAccesses(runs: readonly RunAccesses[]): Promise<FoldedAccesses> {
  const places = new Map<string, AskedPlace>();
  let unplaced = 0;
  for (const { name, accesses, ofResult = false } of runs) {
    const renames = new Renames();
    for await (const some of accesses) {
      for (const access of toBatch(some)) {
        if (!provesPresence(access) && !(ofResult && isAbsence(access))) continue;
        if (access.path.startsWith('/')) foldAccess(places, access, { run: name, renames, ofResult });
        else unplaced++;
      }
    }
  }
  return { places: [...places.values()], unplaced };
}

function toBatch(some: FileAccess | readonly FileAccess[]): readonly FileAccess[] {
  return 'path' in some ? [some] : some;
}

interface RunState {
  readonly run: string;
  readonly renames: Renames;
  readonly ofResult: boolean;
}

function foldAccess(places: Map<string, AskedPlace>, access: FileAccess, state: RunState): void {
  const { renames } = state;
  foldInto(findPlace(places, placeOf(access)), access, state);
  const original = renames.originOf(access.path);
  if (original !== undefined) {
    const where = { path: original, follow: access.follow, renamedTo: access.path };
    foldInto(findPlace(places, where), access, state);
  }
  if (access.action === 'rename' && access.errno === undefined && access.other !== undefined) {
    renames.add(access.path, access.other);
  }
}

type Where = Pick<AskedPlace, 'path' | 'follow' | 'root' | 'renamedTo'>;

function findPlace(places: Map<string, AskedPlace>, where: Where): AskedPlace {
  const key = `${where.follow ? '' : '\0'}${where.root ?? ''}\0${where.path}`;
  let place = places.get(key);
  if (place === undefined) {
    place = {
      ...where,
      succeeded: false,
      executed: false,
      listed: false,
      notEmpty: false,
      reasons: [],
      kernelPaths: new Set(),
    };
    places.set(key, place);
  }
  return place;
}

function foldInto(place: AskedPlace, access: FileAccess, { run, ofResult }: RunState): void {
  const { action, errno, realPath } = access;
  const succeeded = errno === undefined;
  // What a result lacks would have let the call succeed: a file be made in its directory, a script find its interpreter.
  const wouldSucceed = succeeded || (ofResult && isAbsence(access));
  place.succeeded ||= succeeded || (wouldSucceed && isMaking(access));
  place.executed ||= action === 'execute' && wouldSucceed;
  place.listed ||= action === 'list' && succeeded;
  place.notEmpty ||= metNotEmpty(access);
  const known = place.reasons.findLast(
    (each) => each.run === run && each.action === action && each.errno === errno,
  );
  if (known === undefined) place.reasons.push(toAccessReason(run, access));
  else known.count++;
  if (realPath?.startsWith('/') && realPath !== access.path && place.kernelPaths.size < MAX_KERNEL_PATHS) {
    place.kernelPaths.add(realPath);
  }
}

/** The trace names paths from the image's root even after chroot; the resolver wants them from the new one. */
function placeOf({ path, follow, root }: FileAccess): Where {
  if (root === undefined || root === '/') return { path, follow };
  if (path === root) return { path: '/', follow, root };
  // A working directory may still be outside the root: then the root does not bind the way to it.
  return path.startsWith(`${root}/`) ? { path: path.slice(root.length), follow, root } : { path, follow };
}
