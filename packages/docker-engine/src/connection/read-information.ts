import type { EngineInformation } from '../engine.js';
import type { Connection } from './open-connection.js';

/** The part of the answer that keepset uses; older engines leave some of it out. */
interface Information {
  readonly Driver?: string;
  readonly DockerRootDir?: string;
  readonly KernelVersion?: string;
  readonly OperatingSystem?: string;
  readonly CgroupVersion?: string;
  readonly SecurityOptions?: readonly string[] | null;
  readonly NCPU?: number;
  readonly MemTotal?: number;
}

/** @see Docker Engine API, "Get system information" */
export async function readInformation({ docker, session }: Connection): Promise<EngineInformation> {
  const information = (await session.guard('cannot ask the engine about itself', () =>
    docker.info(),
  )) as Information;
  return {
    storageDriver: information.Driver ?? '',
    dataRoot: information.DockerRootDir ?? '',
    kernelVersion: information.KernelVersion ?? '',
    operatingSystem: information.OperatingSystem ?? '',
    cgroupVersion: information.CgroupVersion ?? '1',
    securityOptions: information.SecurityOptions ?? [],
    processors: information.NCPU ?? 0,
    memoryBytes: information.MemTotal ?? 0,
  };
}
