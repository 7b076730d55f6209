import {
  type CallRight,
  type CapabilityRight,
  FURTHER_FAMILIES,
  type RightReason,
  type Rights,
} from '@keepset/hardening';
import type { Run } from '../run/run.js';

/** What engines give by default. @see docker-run(1), "Runtime privilege and Linux capabilities" */
const BY_DEFAULT =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );

/** The bits that chmod loses without it, and says nothing. */
const SILENT = ['FSETID'];

/**
 * What to try, one after the other, when a run does otherwise though nothing was refused: the calls by which programs wait,
 * since a tracer decides whether they have to; a network; the capability whose lack is silent; all that engines give and the
 * run had; these with a network; and a root that can be written.
 *
 * @param onlyFiles  whether only files differ, and a volume may be why: then the root comes first
 */
export function furtherRights(
  rights: Rights,
  { name, options = {} }: Run,
  onlyFiles: boolean,
): readonly Rights[] {
  const reason: RightReason = { kind: 'repair', run: name };
  const dropped = new Set((options.capDrop ?? []).map(plainName));
  const had = [
    ...(dropped.has('ALL') ? [] : BY_DEFAULT.filter((each) => !dropped.has(each))),
    ...(options.capAdd ?? []).map(plainName),
  ];
  const missing = had.filter((each) => rights.capabilities.every((right) => right.name !== each));
  const withCapabilities = (names: readonly string[]): readonly Rights[] => {
    if (names.length === 0) return [];
    const added = names.map((each): CapabilityRight => ({ name: each, reasons: [reason] }));
    const capabilities = [...rights.capabilities, ...added];
    return [{ ...rights, capabilities: capabilities.sort((one, other) => (one.name < other.name ? -1 : 1)) }];
  };
  const withNetwork = (some: readonly Rights[]): readonly Rights[] =>
    rights.network.kind === 'network' || options.network !== undefined
      ? []
      : some.map((each) => ({ ...each, network: { ...each.network, kind: 'network' } }));
  const all = withCapabilities(missing);
  const others = [
    ...withNetwork([rights]),
    ...withCapabilities(missing.filter((each) => SILENT.includes(each))),
    ...all,
    ...withNetwork(all),
  ];
  const withRoot = withWritableRoot(rights);
  const withTime = withFamilies(rights, WAITING);
  return onlyFiles ? [...withRoot, withTime, ...others] : [withTime, ...others, ...withRoot];
}

/** What a program does depends on which of two is quicker: it waits, or need not. */
const WAITING = ['signals', 'time'];

function withFamilies(rights: Rights, families: readonly string[]): Rights {
  const calls = new Map(rights.calls.map((right) => [right.name, right]));
  for (const { name: family, calls: names } of FURTHER_FAMILIES.filter(({ name }) => families.includes(name)))
    for (const name of names)
      if (!calls.has(name))
        calls.set(name, { name, reasons: [{ kind: 'base', family }] } satisfies CallRight);
  return {
    ...rights,
    calls: [...calls.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
    absent: rights.absent.filter((name) => !calls.has(name)),
  };
}

/** An image's layers are another file system than a volume: a folder of theirs cannot be renamed, for one. */
function withWritableRoot(rights: Rights): readonly Rights[] {
  const volumes = rights.writable.filter(({ kind }) => kind === 'volume');
  if (volumes.length === 0) return [];
  const writable = rights.writable.filter(({ kind }) => kind !== 'volume');
  const rootWrites = new Set([...rights.rootWrites, ...volumes.map(({ because }) => because)]);
  return [{ ...rights, writable, rootWrites: [...rootWrites].sort() }];
}

function plainName(text: string): string {
  return text.toUpperCase().replace(/^CAP_/, '');
}
