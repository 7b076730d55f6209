import { hasRule, PERSONALITY_ALWAYS } from './call-arguments.js';
import { BASE, BASE_OF_32_BITS, type CallFamily } from './call-families.js';
import type { CallUse, Observation } from './observation.js';
import {
  type ArgumentRule,
  type CallRight,
  type CapabilityRight,
  NAMESPACE_FLAGS,
  type RightReason,
  type Rights,
} from './rights.js';
import { RUNTIME_CALLS } from './runtime-calls.js';

/** What is known of runs besides what they were seen to do. */
export interface RightsOptions {
  /** As engines name it. */
  readonly architecture: string;
  /** Besides the base, which is always there. Default none. */
  readonly families?: readonly CallFamily[];
  /** Whether the runs start under the engine's init, which is restricted as well. Default false. */
  readonly init?: boolean;
  /** Whether programs gain privileges. Default false. */
  readonly gaining?: boolean;
  /** Whether programs of 32 bits are executed. Default false. */
  readonly thirtyTwoBit?: boolean;
  /** Names of runs that begin as root: what these do by right of a capability needs it. Default none. */
  readonly rootRuns?: readonly string[];
}

/** Answered ENOSYS: its flags lie behind a pointer, where no profile sees them, and C libraries fall back to `clone`. */
const UNSEEN = 'clone3';

/**
 * The rights that runs were seen to need: their system calls, the base, and what runtimes need. No capability, but for ports
 * that not every engine lets everybody take.
 */
export function findRights(
  observations: readonly Observation[],
  {
    architecture,
    thirtyTwoBit = false,
    families = [],
    init = false,
    gaining = false,
    rootRuns = [],
  }: RightsOptions,
): Pick<
  Rights,
  'architecture' | 'thirtyTwoBit' | 'calls' | 'absent' | 'capabilities' | 'network' | 'devices'
> {
  const reasons = new Map<string, RightReason[]>();
  const uses = new Map<string, CallUse[]>();
  const absent = new Set<string>([UNSEEN]);
  const add = (name: string, reason: RightReason) =>
    reasons.set(name, [...(reasons.get(name) ?? []), reason]);
  for (const { calls } of observations) {
    for (const [name, use] of calls) {
      if (use.isAbsent || name === UNSEEN) absent.add(name);
      else if (!use.isRefused) {
        add(name, use.first);
        uses.set(name, [...(uses.get(name) ?? []), use]);
      }
    }
  }
  for (const family of [BASE, ...(thirtyTwoBit ? [BASE_OF_32_BITS] : []), ...families])
    for (const name of family.calls) add(name, { kind: 'base', family: family.name });
  const isMade = { always: true, gaining, init };
  for (const { name, runtimes, when } of RUNTIME_CALLS)
    if (isMade[when]) add(name, { kind: 'runtime', runtimes });
  const calls = [...reasons].map(([name, reasons]): CallRight => {
    const only = ruleOf(name, reasons, uses.get(name) ?? []);
    return { name, ...(only !== undefined && { only }), reasons };
  });
  return {
    architecture,
    ...(thirtyTwoBit && { thirtyTwoBit }),
    calls: calls.sort(byName),
    absent: [...absent].filter((name) => !reasons.has(name)).sort(),
    capabilities: neededCapabilities(observations, rootRuns),
    network: networkOf(observations),
    devices: [...new Set(observations.flatMap(({ devices }) => [...devices]))].sort(),
  };
}

/** What the runs' own arguments were, unless something else may use others. */
function ruleOf(
  name: string,
  reasons: readonly RightReason[],
  uses: readonly CallUse[],
): ArgumentRule | undefined {
  if (!hasRule(name)) return undefined;
  if (name === 'clone') {
    const isPlain = uses.every(({ values }) => values?.has(NAMESPACE_FLAGS) === false);
    return isPlain ? { without: NAMESPACE_FLAGS } : undefined;
  }
  if (reasons.some(({ kind }) => kind === 'base' || kind === 'runtime')) return undefined;
  const values = uses.map(({ values }) => values);
  if (values.includes(undefined)) return undefined;
  const all = new Set(values.flatMap((each) => [...(each ?? [])]));
  if (name === 'personality') for (const value of PERSONALITY_ALWAYS) all.add(value);
  return all.size === 0 ? undefined : { oneOf: [...all].sort((one, other) => one - other) };
}

const PRIVILEGED_PORTS = 1024;

/** Docker 20.10 and later let everybody take these in a network of the container's own; others do not. */
function portCapabilities({ binds }: Observation): readonly CapabilityRight[] {
  const reasons = [...binds]
    .filter(([port]) => portNumber(port) < PRIVILEGED_PORTS)
    .map(([, { first }]) => first);
  return reasons.length === 0 ? [] : [{ name: 'NET_BIND_SERVICE', reasons }];
}

function neededCapabilities(
  observations: readonly Observation[],
  rootRuns: readonly string[],
): readonly CapabilityRight[] {
  const all = observations.flatMap((observation) => [
    ...portCapabilities(observation),
    ...(rootRuns.includes(observation.run)
      ? [...observation.needed].map(([name, site]) => ({ name, reasons: [site] }))
      : []),
  ]);
  const byCapability = Map.groupBy(all, ({ name }) => name);
  return [...byCapability]
    .map(([name, rights]) => ({ name, reasons: rights.flatMap(({ reasons }) => reasons) }))
    .sort(byName);
}

function portNumber(port: string): number {
  return Number(port.slice(port.indexOf('/') + 1));
}

function networkOf(observations: readonly Observation[]): Rights['network'] {
  const listens = new Set(
    observations.flatMap(({ binds }) =>
      [...binds].filter(([, { isLoopback }]) => !isLoopback).map(([port]) => port),
    ),
  );
  const connects = observations.some(({ connects }) => connects !== undefined);
  return {
    kind: connects || listens.size > 0 ? 'network' : 'none',
    listens: [...listens].sort(),
    connects,
  };
}

export function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}
