import { type ImageConfig, type RunOptions, toContainerConfig } from '@keepset/docker-engine';
import { TRACE_FOLDER } from '@keepset/tracer';
import { toBytes } from '../source/byte-string.js';
import { isBelow } from '../source/is-below.js';

/** Which paths of a run's container are not its image's. */
export interface MountedPaths {
  /** Nothing there is a file of the run's: what the engine covers, the trace, memory, what cannot be written. */
  isOutside(path: string): boolean;
  /** Volumes that the run has to itself: all that is in them afterwards is its own. The outermost, sorted. */
  readonly volumes: readonly string[];
  isInVolume(path: string): boolean;
}

/** @param coveredPaths  byte strings: what the engine covers in every container */
export function mountedPaths(
  options: RunOptions,
  { Volumes = {} }: Pick<ImageConfig, 'Volumes'>,
  coveredPaths: readonly string[],
): MountedPaths {
  const { HostConfig = {}, Volumes: anonymous = {} } = toContainerConfig('', [], options);
  const { Binds = [], Mounts = [], Tmpfs = {} } = HostConfig;
  const binds = Binds.map((bind) => bind.split(':'));
  const isReadOnly = (flags = '') => flags.split(',').includes('ro');
  const outside = [
    ...Object.keys(Tmpfs),
    ...binds.flatMap(([, target = '', flags]) => (isReadOnly(flags) ? [target] : [])),
    ...Mounts.flatMap(({ Type, ReadOnly, Target }) => (Type === 'tmpfs' || ReadOnly ? [Target] : [])),
  ];
  const volumes = [
    ...Object.keys(Volumes ?? {}),
    ...Object.keys(anonymous),
    ...binds.flatMap(([, target = '', flags]) => (isReadOnly(flags) ? [] : [target])),
    ...Mounts.flatMap(({ Type, ReadOnly, Target }) => (Type === 'tmpfs' || ReadOnly ? [] : [Target])),
  ];
  const isOutside = inFolders([...coveredPaths, TRACE_FOLDER, ...outside.map(toBytes)]);
  const own = outermost(volumes.map(toBytes)).filter((path) => !isOutside(path));
  return { isOutside, volumes: own, isInVolume: inFolders(own) };
}

function outermost(paths: readonly string[]): readonly string[] {
  const folders = new Set(paths.map((path) => path.replace(/\/+$/, '')));
  return [...folders].filter((path) => path !== '' && !isBelow(path, (above) => folders.has(above))).sort();
}

function inFolders(folders: readonly string[]): (path: string) => boolean {
  const all = new Set(folders.map((path) => path.replace(/\/+$/, '')));
  return (path) => all.has(path) || isBelow(path, (above) => all.has(above));
}
