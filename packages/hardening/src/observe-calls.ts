import { firstValue, hasRule } from './call-arguments.js';
import { neededCapability } from './needed-capabilities.js';
import type { BoundPort, CallUse, Denial, Observation } from './observation.js';
import type { ObservedCall } from './observed-call.js';
import type { UseSite } from './rights.js';
import { isLoopbackAddress, parseAddress } from './socket-address.js';

/** What programs are refused with for want of a right, or of a place that can be written. */
const REFUSALS: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EROFS', 'ENETUNREACH']);

/** @see OCI runtime specification, "Default Devices" */
const IN_EVERY_CONTAINER =
  /^\/dev\/(?:null|zero|full|random|urandom|tty|console|ptmx|fd|stdin|stdout|stderr|core|(?:pts|shm|mqueue)\b.*)$/;

/**
 * What a run does, of its calls.
 *
 * @param run    its name
 * @param calls  of all its programs, in the order of the trace; those of the launcher are not the run's
 * @example
 * const calls = async function* () { yield* observed };
 * (await observeCalls('main', calls())).calls.has('openat') // true
 */
export async function observeCalls(run: string, calls: AsyncIterable<ObservedCall>): Promise<Observation> {
  const uses = new Map<string, MutableUse>();
  const denials = new Map<string, Denial>();
  const needed = new Map<string, UseSite>();
  const binds = new Map<string, BoundPort>();
  const types = new Map<string, string>();
  const alive = new Set<number>();
  const devices = new Set<string>();
  let connects: UseSite | undefined;
  let processesMax = 0;
  let filesMax = 0;

  for await (const call of calls) {
    const { name, argumentsText, resultText, errno, pid } = call;
    const site: UseSite = {
      kind: 'run',
      run,
      ...(call.program !== undefined && { program: call.program }),
      call: name,
      line: call.line,
    };
    noteUse(uses, call, site);
    const capability = neededCapability(call);
    if (capability !== undefined && !needed.has(capability)) needed.set(capability, site);
    if (errno !== undefined && REFUSALS.has(errno)) {
      const path = /"((?:[^"\\]|\\.)*)"/.exec(argumentsText)?.[1];
      const key = `${name} ${errno} ${path}`;
      if (!denials.has(key))
        denials.set(key, { site, errno, ...(path !== undefined && { path }), argumentsText });
    }
    alive.add(pid);
    if (name === 'exit' || name === 'exit_group') alive.delete(pid);
    processesMax = Math.max(processesMax, alive.size);
    const descriptor = /^(\d+)</.exec(resultText)?.[1];
    if (descriptor !== undefined) filesMax = Math.max(filesMax, Number(descriptor) + 1);
    const device = /^\d+<(\/dev\/[^<>]*)/.exec(resultText)?.[1];
    if (device !== undefined && !IN_EVERY_CONTAINER.test(device)) devices.add(device);
    if (name === 'socket') {
      const socket = /<(.*)>/.exec(resultText)?.[1];
      const type = /SOCK_(STREAM|DGRAM)/.exec(argumentsText)?.[1];
      if (socket !== undefined && type !== undefined) types.set(socket, type === 'STREAM' ? 'tcp' : 'udp');
    }
    const address = name === 'bind' || name === 'connect' ? parseAddress(argumentsText) : undefined;
    if (address === undefined) continue;
    const isLoopback = isLoopbackAddress(address.host);
    if (name === 'connect' && !isLoopback) connects ??= site;
    if (name === 'bind' && errno === undefined && address.port > 0) {
      const protocol = types.get(/<(.*?)>/.exec(argumentsText)?.[1] ?? '') ?? 'tcp';
      const key = `${protocol}/${address.port}`;
      noteBind(binds, key, { first: site, isLoopback });
    }
  }
  return {
    run,
    calls: uses,
    needed,
    denials: [...denials.values()],
    binds,
    connects,
    devices,
    processesMax,
    filesMax,
  };
}

type MutableUse = { -readonly [K in keyof CallUse]: CallUse[K] };

function noteUse(
  uses: Map<string, MutableUse>,
  { name, argumentsText, errno }: ObservedCall,
  site: UseSite,
): void {
  const isAbsent = errno === 'ENOSYS';
  const isRefused = errno === 'EPERM';
  const before = uses.get(name);
  const use = before ?? { first: site, isAbsent, isRefused, values: new Set<number>() };
  use.isAbsent &&= isAbsent;
  use.isRefused &&= isRefused;
  uses.set(name, use);
  // What was refused is refused again, whatever the arguments.
  if (!hasRule(name) || errno !== undefined || use.values === undefined) return;
  const value = firstValue(name, argumentsText);
  use.values = value === undefined ? undefined : new Set([...use.values, value]);
}

/** The first site stands; what is taken for others once is theirs. */
function noteBind(binds: Map<string, BoundPort>, port: string, { first, isLoopback }: BoundPort): void {
  const before = binds.get(port);
  binds.set(port, {
    first: before?.first ?? first,
    isLoopback: isLoopback && (before?.isLoopback ?? true),
  });
}

/** All that several runs were seen to do, or several parts of one. The first one's sites stand. */
export function joinObservations(run: string, all: readonly Observation[]): Observation {
  const calls = new Map<string, CallUse>();
  const binds = new Map<string, BoundPort>();
  for (const observation of all) {
    for (const [name, use] of observation.calls) {
      const before = calls.get(name);
      calls.set(name, before === undefined ? use : joinUses(before, use));
    }
    for (const [port, bound] of observation.binds) noteBind(binds, port, bound);
  }
  return {
    run,
    calls,
    needed: new Map(all.toReversed().flatMap(({ needed }) => [...needed])),
    denials: all.flatMap(({ denials }) => denials),
    binds,
    devices: new Set(all.flatMap(({ devices }) => [...devices])),
    connects: all.find(({ connects }) => connects !== undefined)?.connects,
    processesMax: Math.max(0, ...all.map(({ processesMax }) => processesMax)),
    filesMax: Math.max(0, ...all.map(({ filesMax }) => filesMax)),
  };
}

function joinUses(one: CallUse, other: CallUse): CallUse {
  return {
    first: one.first,
    isAbsent: one.isAbsent && other.isAbsent,
    isRefused: one.isRefused && other.isRefused,
    values:
      one.values === undefined || other.values === undefined
        ? undefined
        : new Set([...one.values, ...other.values]),
  };
}
