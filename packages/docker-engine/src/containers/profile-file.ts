import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '../engine-error.js';
import type { ContainerConfig } from './container-config.js';

const INLINE = 'seccomp={';

/** A container's configuration, for as long as the engine reads it. */
export interface ReadableConfig extends AsyncDisposable {
  readonly config: ContainerConfig;
}

/**
 * Podman takes the text of a seccomp profile for the name of a file: it is given one, where it shares the files of this
 * machine. It reads the file when it creates the container, and then no more.
 *
 * @param address  of the engine
 * @throws EngineError RUN_OPTION_INVALID  its files are another machine's
 */
export async function withProfileFile(config: ContainerConfig, address: string): Promise<ReadableConfig> {
  const options = config.HostConfig?.SecurityOpt ?? [];
  const profile = options.find((option) => option.startsWith(INLINE));
  if (profile === undefined) return { config, async [Symbol.asyncDispose]() {} };
  if (!address.startsWith('unix:')) throw profileRefused();
  const folder = await mkdtemp(join(tmpdir(), 'keepset-seccomp-'));
  const file = join(folder, 'profile.json');
  await writeFile(file, profile.slice('seccomp='.length));
  // The engine may be another user's.
  await chmod(folder, 0o755);
  return {
    config: {
      ...config,
      HostConfig: {
        ...config.HostConfig,
        SecurityOpt: options.map((option) => (option === profile ? `seccomp=${file}` : option)),
      },
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Of an engine that cannot read what is written here. */
export function profileRefused(cause?: unknown): EngineError {
  return new EngineError(
    'RUN_OPTION_INVALID',
    "securityOpt 'seccomp=…': this engine takes no profile through the API, and shares no files with this machine",
    {
      facts: { option: 'securityOpt', value: 'seccomp' },
      hint: "Leave it out, make it the engine's own (seccomp_profile in containers.conf), or work on the engine's machine.",
      ...(cause !== undefined && { cause }),
    },
  );
}
