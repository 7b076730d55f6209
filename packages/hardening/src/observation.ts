import type { UseSite } from './rights.js';

/** What one run was seen to do: all that rights are made of. */
export interface Observation {
  /** Its name. */
  readonly run: string;
  /** By the name of the call. */
  readonly calls: ReadonlyMap<string, CallUse>;
  /** Capabilities without which root could not have done what succeeded, and where they were first used. */
  readonly needed: ReadonlyMap<string, UseSite>;
  /** What was refused, each once. */
  readonly denials: readonly Denial[];
  /** Where it listens, or has an address of its own: `tcp/80`. Port 0 is none. */
  readonly binds: ReadonlyMap<string, BoundPort>;
  /** Where it first connected to another machine. */
  readonly connects: UseSite | undefined;
  /** Files of /dev that it opened, beside those that every container has. */
  readonly devices: ReadonlySet<string>;
  /** At the same time, threads included, as far as the trace tells. */
  readonly processesMax: number;
  /** The highest descriptor of a process, and one more. */
  readonly filesMax: number;
}

/** How one call was used. */
export interface CallUse {
  readonly first: UseSite;
  /** Answered as by a kernel that has not got it, each time. */
  readonly isAbsent: boolean;
  /** Refused each time: it need not be allowed. */
  readonly isRefused: boolean;
  /** What the first argument was, where that is a matter of rights; undefined where it cannot be told. */
  readonly values: ReadonlySet<number> | undefined;
}

/** A port that a run took. */
export interface BoundPort {
  readonly first: UseSite;
  readonly isLoopback: boolean;
}

/** A call that was refused for want of a right. */
export interface Denial {
  readonly site: UseSite;
  readonly errno: string;
  /** The first path among its arguments, as asked for. */
  readonly path?: string;
  readonly argumentsText: string;
}
