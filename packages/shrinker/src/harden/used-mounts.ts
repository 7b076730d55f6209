import { type ImageConfig, type RunOptions, toContainerConfig } from '@keepset/docker-engine';
import { mergeMounts, type UsedMount } from '@keepset/hardening';
import { printPath } from '@keepset/strace-parser';
import { toBytes } from '../source/byte-string.js';

/** The volumes of an image, and what was mounted into its runs: no rights of theirs say that these are used. */
export function usedMounts(
  { Volumes }: Pick<ImageConfig, 'Volumes'>,
  runs: readonly RunOptions[],
): readonly UsedMount[] {
  return mergeMounts([...writable(Object.keys(Volumes ?? {})), ...runs.flatMap(mountsOf)]);
}

function mountsOf(options: RunOptions): readonly UsedMount[] {
  const { HostConfig = {}, Volumes = {} } = toContainerConfig('', [], options);
  const { Binds = [], Mounts = [], Tmpfs = {} } = HostConfig;
  const withFlags = [...Binds.map((bind) => bind.split(':').slice(1)), ...Object.entries(Tmpfs)];
  return [
    ...writable(Object.keys(Volumes)),
    ...withFlags.map(([path = '', flags = '']) => toMount(path, flags.split(',').includes('ro'))),
    ...Mounts.map(({ Target, ReadOnly = false }) => toMount(Target, ReadOnly)),
  ];
}

function writable(paths: readonly string[]): readonly UsedMount[] {
  return paths.map((path) => toMount(path, false));
}

function toMount(path: string, isReadOnly: boolean): UsedMount {
  const printed = printPath(toBytes(path.replace(/(?<=.)\/+$/, '')));
  return { path: printed, ...(isReadOnly && { readOnly: true as const }) };
}
