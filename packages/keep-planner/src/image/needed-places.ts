import type { KeepRule } from '../plan/reason.js';
import type { ImageNeeds } from './image-needs.js';

/** A path that a rule asks for; nothing happens where the image has none. */
export interface NeededPlace {
  readonly path: string;
  readonly rule: KeepRule;
  readonly from?: string;
}

/** Directories that programs expect in any system; empty, they still have their owner and mode. */
const SKELETON = ['/', '/tmp', '/var/tmp', '/run', '/dev', '/proc', '/sys'];
const OS_RELEASE = ['/etc/os-release', '/usr/lib/os-release'];
/** The engine looks up USER and HOME in them, for the container and for each `exec`. */
const ENGINE_FILES = ['/etc/passwd', '/etc/group'];

/** What the engine mounts for a run; the links on the way are the image's. */
const MOUNT = 'what it mounts';

/** Whether a place is kept, with the links on its way, though there is nothing yet. */
export function isMadeByEngine({ from }: NeededPlace): boolean {
  return from === 'VOLUME' || from === MOUNT;
}

/** The fixed places of every image, and those that its configuration names. */
export function neededPlaces(needs: ImageNeeds): readonly NeededPlace[] {
  return [
    ...SKELETON.map((path) => ({ path, rule: 'skeleton' }) as const),
    ...OS_RELEASE.map((path) => ({ path, rule: 'os-release' }) as const),
    ...ENGINE_FILES.map((path) => ({ path, rule: 'engine', from: 'USER' }) as const),
    ...(needs.workingDirectory?.startsWith('/')
      ? [{ path: needs.workingDirectory, rule: 'engine', from: 'WORKDIR' } as const]
      : []),
    ...(needs.runDirectory?.startsWith('/')
      ? [{ path: needs.runDirectory, rule: 'engine', from: "the run's working directory" } as const]
      : []),
    ...needs.volumes
      .filter((path) => path.startsWith('/'))
      .map((path) => ({ path, rule: 'engine', from: 'VOLUME' }) as const),
    ...(needs.mountPoints ?? [])
      .filter((path) => path.startsWith('/'))
      .map((path) => ({ path, rule: 'engine', from: MOUNT }) as const),
  ];
}
