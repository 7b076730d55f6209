import type { RealPath } from '@keepset/symlink-resolver';
import type { PlanWarning } from './plan-warning.js';
import type { Reason } from './reason.js';

/** A path that stays, and why. */
export interface KeptPath {
  readonly path: RealPath;
  /** At least one. */
  readonly reasons: readonly Reason[];
  /** A regular file of which only name, mode, owner and mtime stay: it is to be empty. */
  readonly stub?: true;
}

/** Which paths of an image stay, and why. */
export interface KeepPlan {
  /** Sorted by bytes, so parents come before children. Every path is in the source's tree. */
  readonly kept: ReadonlyMap<RealPath, KeptPath>;
  /** Files that runs executed, sorted. */
  readonly executed: readonly RealPath[];
  /** Directories whose entries runs listed, sorted: their other entries may matter though none was opened. */
  readonly listed: readonly RealPath[];
  readonly warnings: readonly PlanWarning[];
}
