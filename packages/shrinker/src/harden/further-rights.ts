import type { CapabilityRight, RightReason, Rights } from '@keepset/hardening';
import type { Run } from '../run/run.js';

/** What engines give by default. @see docker-run(1), "Runtime privilege and Linux capabilities" */
const BY_DEFAULT =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );

/** The bits that chmod loses without it, and says nothing. */
const SILENT = ['FSETID'];

/**
 * The next thing to try when a run does otherwise though nothing was refused: a network, the capability whose lack is silent,
 * then all that engines give and the run had.
 *
 * @returns undefined when there is nothing more
 */
export function furtherRights(rights: Rights, { name, options = {} }: Run): Rights | undefined {
  const reason: RightReason = { kind: 'repair', run: name };
  if (rights.network.kind === 'none' && options.network === undefined)
    return { ...rights, network: { ...rights.network, kind: 'network' } };
  const dropped = new Set((options.capDrop ?? []).map(plainName));
  const had = [
    ...(dropped.has('ALL') ? [] : BY_DEFAULT.filter((each) => !dropped.has(each))),
    ...(options.capAdd ?? []).map(plainName),
  ];
  const missing = had.filter((each) => rights.capabilities.every((right) => right.name !== each));
  const silent = missing.filter((each) => SILENT.includes(each));
  const next = silent.length > 0 ? silent : missing;
  if (next.length === 0) return undefined;
  const added = next.map((each): CapabilityRight => ({ name: each, reasons: [reason] }));
  return {
    ...rights,
    capabilities: [...rights.capabilities, ...added].sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

function plainName(text: string): string {
  return text.toUpperCase().replace(/^CAP_/, '');
}
