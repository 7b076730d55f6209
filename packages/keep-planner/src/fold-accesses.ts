import type { FileAccess } from '@keepset/strace-parser';
import { provesPresence } from './proves-presence.js';
import { type AccessReason, addReason, type Reason, toAccessReason } from './reason.js';
import { Renames } from './renames.js';

/** One traced command. */
export interface RunAccesses {
  readonly name: string;
  readonly accesses: AsyncIterable<FileAccess> | Iterable<FileAccess>;
}

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
  readonly reasons: AccessReason[];
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
  for (const { name, accesses } of runs) {
    const renames = new Renames();
    for await (const access of accesses) {
      if (!provesPresence(access)) continue;
      if (!access.path.startsWith('/')) {
        unplaced++;
        continue;
      }
      const reason = toAccessReason(name, access);
      fold(places, placeOf(access), access, reason);
      const original = renames.originOf(access.path);
      if (original !== undefined) {
        const place = { path: original, follow: access.follow, renamedTo: access.path };
        fold(places, place, access, { ...reason, asked: access.path });
      }
      if (access.action === 'rename' && access.errno === undefined && access.other !== undefined) {
        renames.add(access.path, access.other);
      }
    }
  }
  return { places: [...places.values()], unplaced };
}

type Where = Pick<AskedPlace, 'path' | 'follow' | 'root' | 'renamedTo'>;

function fold(places: Map<string, AskedPlace>, where: Where, access: FileAccess, reason: AccessReason): void {
  const key = `${where.follow ? '' : '\0'}${where.root ?? ''}\0${where.path}`;
  let place = places.get(key);
  if (place === undefined) {
    place = {
      ...where,
      succeeded: false,
      executed: false,
      listed: false,
      reasons: [],
      kernelPaths: new Set(),
    };
    places.set(key, place);
  }
  const succeeded = access.errno === undefined;
  place.succeeded ||= succeeded;
  place.executed ||= access.action === 'execute' && succeeded;
  place.listed ||= access.action === 'list' && succeeded;
  addReason(place.reasons as Reason[], reason);
  const { realPath } = access;
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
