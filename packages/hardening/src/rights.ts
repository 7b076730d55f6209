/** All that a container needs of its kernel and its engine, and nothing else. Its JSON form is the value itself. */
export interface Rights {
  /** As engines name it: amd64, arm64. */
  readonly architecture: string;
  /** Whether programs of 32 bits run as well: their calls have other numbers. Default false. */
  readonly thirtyTwoBit?: true;
  /** Allowed system calls, sorted by name. */
  readonly calls: readonly CallRight[];
  /** Calls that are answered as by a kernel that has not got them (ENOSYS), sorted: programs fall back to others. */
  readonly absent: readonly string[];
  /** Sorted by name. */
  readonly capabilities: readonly CapabilityRight[];
  /** Programs by which the command gains rights (setuid, file capabilities), sorted. None: no-new-privileges is set. */
  readonly gaining: readonly string[];
  /** Sorted by path. */
  readonly writable: readonly WritablePlace[];
  /** Places that no mount can make writable, sorted: while there are any, the root is not read-only. */
  readonly rootWrites: readonly string[];
  readonly network: NetworkNeed;
  /** Devices that were opened, beside those that every container has; sorted. */
  readonly devices: readonly string[];
}

/** One system call. */
export interface CallRight {
  readonly name: string;
  /** Default: whatever its arguments are. */
  readonly only?: ArgumentRule;
  /** Why it is allowed: never empty. */
  readonly reasons: readonly RightReason[];
}

/** What the first argument of a call must be: one of these numbers, or none of these bits. */
export type ArgumentRule = { readonly oneOf: readonly number[] } | { readonly without: number };

/** One capability, without CAP_. */
export interface CapabilityRight {
  readonly name: string;
  readonly reasons: readonly RightReason[];
}

/** A folder that the command writes to. */
export interface WritablePlace {
  readonly path: string;
  /** In memory, and gone afterwards; or a volume that begins with what the image has there. */
  readonly kind: 'tmpfs' | 'volume';
  /** Permission bits of the folder, for a tmpfs. */
  readonly mode?: number;
  /** Whether programs in it are executed. Default false. */
  readonly executable?: true;
  /** What was written there first. */
  readonly because: string;
}

/** What of the network a command uses. */
export interface NetworkNeed {
  /** `none`: its own loopback at most. */
  readonly kind: 'none' | 'network';
  /** Where it listens: `tcp/80`, sorted. */
  readonly listens: readonly string[];
  /** Whether it connects to others. */
  readonly connects: boolean;
}

/** Why something is allowed. Texts are as keepset prints paths: bytes that are no text are escaped. */
export type RightReason =
  /** A run did it: by which program, in which call, on which line of its trace, for the first time. */
  | {
      readonly kind: 'run';
      readonly run: string;
      readonly program?: string;
      readonly call: string;
      readonly line: number;
    }
  /** It did so only once rights were taken from it, or failed without. */
  | {
      readonly kind: 'repair';
      readonly run: string;
      readonly program?: string;
      /** Absent: nothing was refused, and yet it did otherwise. */
      readonly call?: string;
      readonly line?: number;
    }
  /** A family of calls that every program may need, or that the caller asked for. */
  | { readonly kind: 'base'; readonly family: string }
  /** Runtimes need it between setting the rights and starting the program. */
  | { readonly kind: 'runtime'; readonly runtimes: readonly string[] };

/** Where something was first seen. */
export type UseSite = Extract<RightReason, { readonly kind: 'run' }>;

/** The bits of `clone` that make namespaces: `CLONE_NEWNS`, UTS, IPC, USER, PID, NET, CGROUP. @see clone(2) */
export const NAMESPACE_FLAGS = 0x7e020000;
