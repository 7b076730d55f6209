import type { ArgumentRule, Rights } from './rights.js';

/** One right that two sides do not have alike. */
export interface RightChange {
  readonly kind:
    | 'architecture'
    | 'system call'
    | 'capability'
    | 'privileges'
    | 'writable'
    | 'root'
    | 'network'
    | 'device';
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
}

/** What the second of two sides may do that the first may not, and the other way round; by kind and name. */
export function compareRights(before: Rights, after: Rights): readonly RightChange[] {
  const [old, now] = [rightsOf(before), rightsOf(after)];
  const changes: RightChange[] = [];
  for (const [key, { kind, name, detail }] of now) {
    const earlier = old.get(key);
    if (earlier === undefined) changes.push({ kind, name, change: 'added' });
    else if (earlier.detail !== detail) changes.push({ kind, name, change: 'changed' });
  }
  for (const [key, { kind, name }] of old) if (!now.has(key)) changes.push({ kind, name, change: 'removed' });
  const order = ({ kind, name }: RightChange) => `${kind}\0${name}`;
  return changes.sort((one, other) => (order(one) < order(other) ? -1 : 1));
}

interface NamedRight {
  readonly kind: RightChange['kind'];
  readonly name: string;
  /** By which two of one name differ. */
  readonly detail: string;
}

/** Each right once, by its kind and name. */
function rightsOf(rights: Rights): ReadonlyMap<string, NamedRight> {
  const { calls, capabilities, gaining, writable, rootWrites, network, devices } = rights;
  const named = (kind: RightChange['kind'], name: string, detail = ''): NamedRight => ({
    kind,
    name,
    detail,
  });
  const all = [
    ...(rights.thirtyTwoBit ? [named('architecture', '32 bit')] : []),
    ...calls.map(({ name, only }) => named('system call', name, printRule(only))),
    ...capabilities.map(({ name }) => named('capability', name)),
    ...(gaining.length > 0 ? [named('privileges', 'gain privileges')] : []),
    ...writable.map(({ path, kind, executable }) =>
      named('writable', path, `${kind} ${executable === true}`),
    ),
    ...(rootWrites.length > 0 ? [named('root', 'writable root')] : []),
    ...network.listens.map((port) => named('network', `listen ${port}`)),
    ...(network.connects ? [named('network', 'connect')] : []),
    ...devices.map((path) => named('device', path)),
  ];
  return new Map(all.map((right) => [`${right.kind} ${right.name}`, right]));
}

/** What a rule lets pass, for people: '' where it is everything. */
export function printRule(only: ArgumentRule | undefined): string {
  if (only === undefined) return '';
  return 'without' in only ? `without 0x${only.without.toString(16)}` : `only ${only.oneOf.join(', ')}`;
}
