import { type Engine, toContainerConfig } from '@keepset/docker-engine';
import type { Progress } from '../progress.js';
import type { Source } from '../source/open-source.js';
import { createPrivateMounts, type PrivateMounts } from './private-mounts.js';
import { DEFAULT_RUNS, type Run } from './run.js';

/** What runs do with volumes and folders of the host. */
export interface MountOptions {
  /**
   * Let the traced runs write the user's own volumes and folders, as docker run does. Default false: every run has a copy
   * of them, as they were before the first run.
   */
  readonly writeMounts?: boolean;
  /** Larger ones are not copied: runs share them, and cannot write there. Default 1 GB. */
  readonly copyMountsBytesMax?: number;
}

const COPY_BYTES_MAX = 1e9;

/** Mounts of their own for all runs of one source. */
export async function holdMounts(
  engine: Engine,
  source: Pick<Source, 'image'>,
  {
    runs = DEFAULT_RUNS,
    writeMounts = false,
    copyMountsBytesMax = COPY_BYTES_MAX,
  }: MountOptions & { readonly runs?: readonly Run[] },
  progress: Pick<Progress, 'note'>,
): Promise<PrivateMounts> {
  const mounts = createPrivateMounts(engine, {
    image: source.image.id,
    copyBytesMax: copyMountsBytesMax,
    onShared: (target, why) =>
      progress.note('MOUNT_SHARED', `runs share ${target}, and cannot write there: it is ${WHY[why]}`),
  });
  if (!writeMounts) return mounts;
  try {
    for (const { command, options = {} } of runs)
      await mounts.hold(toContainerConfig(source.image.id, command, options));
    return mounts;
  } catch (error) {
    await mounts[Symbol.asyncDispose]();
    throw error;
  }
}

const WHY = { 'too large': 'larger than what is copied', 'no folder': 'no folder' } as const;
