/** What the tracer and its launcher need: to trace, to become the image's user, to drop what is not the program's. */
const NEEDED = ['SYS_PTRACE', 'SETUID', 'SETGID', 'SETPCAP'] as const;
/** Those of them that engines give by default. @see docker-run(1), "Runtime privilege and Linux capabilities" */
const BY_DEFAULT: ReadonlySet<string> = new Set(['SETUID', 'SETGID', 'SETPCAP']);

/** The capabilities of a traced container, and those of them that are not the program's. */
export interface CapabilityPlan {
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  /** What the program must not inherit, since the caller did not grant it; without CAP_, in capitals. */
  readonly dropFromBounding: readonly string[];
}

/**
 * The capabilities that the caller adds and drops, widened by what tracing needs; the widening is taken from the program
 * again.
 *
 * @param capAdd   as of `RunOptions`: with or without CAP_, in any case
 * @param capDrop  the same
 */
export function planCapabilities(capAdd: readonly string[], capDrop: readonly string[]): CapabilityPlan {
  const added = new Set(capAdd.map(capabilityName));
  const dropped = new Set(capDrop.map(capabilityName));
  const granted = (name: string): boolean => {
    if (dropped.has(name)) return false;
    if (added.has(name) || added.has('ALL')) return true;
    return BY_DEFAULT.has(name) && !dropped.has('ALL');
  };
  const missing = NEEDED.filter((name) => !granted(name));
  return {
    capAdd: [...capAdd, ...missing],
    capDrop: capDrop.filter((name) => !(missing as readonly string[]).includes(capabilityName(name))),
    dropFromBounding: missing,
  };
}

function capabilityName(text: string): string {
  return text.toUpperCase().replace(/^CAP_/, '');
}
