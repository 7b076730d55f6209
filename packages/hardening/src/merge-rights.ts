import { byName } from './find-rights.js';
import { HardeningError } from './hardening-error.js';
import type { ArgumentRule, CallRight, RightReason, Rights, WritablePlace } from './rights.js';

/**
 * The rights under which either may run: the union of what is allowed.
 *
 * @throws HardeningError ARCHITECTURES_DIFFER
 */
export function mergeRights(one: Rights, other: Rights): Rights {
  if (one.architecture !== other.architecture)
    throw new HardeningError(
      'ARCHITECTURES_DIFFER',
      `rights of ${one.architecture} and of ${other.architecture} have no union: their system calls differ`,
    );
  const calls = mergeNamed(one.calls, other.calls, (name, reasons, both): CallRight => {
    const only = both.map(({ only }) => only).reduce(mergeRules);
    return { name, ...(only !== undefined && { only }), reasons };
  });
  const allowed = new Set(calls.map(({ name }) => name));
  const listens = union(one.network.listens, other.network.listens);
  return {
    architecture: one.architecture,
    ...((one.thirtyTwoBit || other.thirtyTwoBit) && { thirtyTwoBit: true }),
    calls,
    absent: union(one.absent, other.absent).filter((name) => !allowed.has(name)),
    capabilities: mergeNamed(one.capabilities, other.capabilities, (name, reasons) => ({ name, reasons })),
    gaining: union(one.gaining, other.gaining),
    writable: mergePlaces([...one.writable, ...other.writable]),
    rootWrites: union(one.rootWrites, other.rootWrites),
    network: {
      kind: one.network.kind === 'none' ? other.network.kind : one.network.kind,
      listens,
      connects: one.network.connects || other.network.connects,
    },
    devices: union(one.devices, other.devices),
  };
}

interface Reasoned {
  readonly name: string;
  readonly reasons: readonly RightReason[];
}

function mergeNamed<T extends Reasoned>(
  one: readonly T[],
  other: readonly T[],
  toMerged: (name: string, reasons: readonly RightReason[], both: readonly T[]) => T,
): readonly T[] {
  const all = Map.groupBy([...one, ...other], ({ name }) => name);
  return [...all]
    .map(([name, both]) => toMerged(name, distinctReasons(both.flatMap(({ reasons }) => reasons)), both))
    .sort(byName);
}

function mergeRules(
  one: ArgumentRule | undefined,
  other: ArgumentRule | undefined,
): ArgumentRule | undefined {
  if (one === undefined || other === undefined) return undefined;
  if ('without' in one && 'without' in other) {
    const without = one.without & other.without;
    return without === 0 ? undefined : { without };
  }
  if ('oneOf' in one && 'oneOf' in other)
    return { oneOf: [...new Set([...one.oneOf, ...other.oneOf])].sort((left, right) => left - right) };
  return undefined;
}

/** The outermost of them; a volume where one of two needs what the image has there. */
export function mergePlaces(places: readonly WritablePlace[]): readonly WritablePlace[] {
  const merged: WritablePlace[] = [];
  const sorted = [...places].sort((one, other) =>
    one.path === other.path
      ? compareText(one.because, other.because)
      : compareText(`${one.path}/`, `${other.path}/`),
  );
  for (const place of sorted) {
    const at = merged.findIndex(({ path }) => path === place.path || place.path.startsWith(`${path}/`));
    const above = merged[at];
    if (above === undefined) merged.push(place);
    else {
      const isVolume = above.kind === 'volume' || place.kind === 'volume' || above.path !== place.path;
      const { mode, executable: _, ...rest } = above;
      merged[at] = {
        ...rest,
        kind: isVolume ? 'volume' : 'tmpfs',
        ...(!isVolume && mode !== undefined && { mode: mode | (place.mode ?? mode) }),
        ...((above.executable || place.executable) && { executable: true }),
      };
    }
  }
  return merged;
}

function distinctReasons(reasons: readonly RightReason[]): readonly RightReason[] {
  const byText = new Map(reasons.map((reason) => [JSON.stringify(reason), reason]));
  return [...byText].sort(([one], [other]) => compareText(one, other)).map(([, reason]) => reason);
}

function union(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])].sort();
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
