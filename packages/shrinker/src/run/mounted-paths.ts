import { type RunOptions, toContainerConfig } from '@keepset/docker-engine';
import { TRACE_FOLDER } from '@keepset/tracer';
import { toBytes } from '../source/byte-string.js';
import { isBelow } from '../source/is-below.js';

/** Which paths of a run's container are not its own. */
export interface Mounted {
  /** Nothing there is a file of the run's: what the engine covers, the trace, memory. */
  isOutside(path: string): boolean;
  /** Folders of the host, and volumes with a name: what one run writes there the next one finds. */
  isShared(path: string): boolean;
}

/** @param coveredPaths  byte strings: what the engine covers in every container */
export function mountedPaths(options: RunOptions, coveredPaths: readonly string[]): Mounted {
  const { HostConfig = {} } = toContainerConfig('', [], options);
  const { Binds = [], Mounts = [], Tmpfs = {} } = HostConfig;
  const isMemory = ({ Type }: { readonly Type: string }) => Type === 'tmpfs';
  const memory = [...Object.keys(Tmpfs), ...Mounts.filter(isMemory).map(({ Target }) => Target)];
  const shared = [
    // An anonymous volume is only its target.
    ...Binds.flatMap((bind) => bind.split(':').slice(1, 2)),
    ...Mounts.filter((mount) => !isMemory(mount) && mount.Source !== undefined).map(({ Target }) => Target),
  ];
  return {
    isOutside: inFolders([...coveredPaths, TRACE_FOLDER, ...memory.map(toBytes)]),
    isShared: inFolders(shared.map(toBytes)),
  };
}

function inFolders(folders: readonly string[]): (path: string) => boolean {
  const outermost = new Set(folders.map((path) => path.replace(/\/+$/, '')));
  return (path) => outermost.has(path) || isBelow(path, (above) => outermost.has(above));
}
