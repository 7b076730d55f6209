import { parsePrintedPath } from '@keepset/strace-parser';
import { capabilityOf } from './capability-of.js';
import { findPlaces, type PlacesImage } from './find-places.js';
import { findRights } from './find-rights.js';
import { mergePlaces, mergeRights } from './merge-rights.js';
import type { Denial, Observation } from './observation.js';
import type { CapabilityRight, RightReason, Rights } from './rights.js';

/** By which is told what a run lacked. */
export interface WidenOptions {
  /** What the run was refused when it had all rights: that is no reason for more. */
  readonly before: Observation;
  readonly image: PlacesImage;
}

/**
 * What a run lacked that failed under rights: the calls that it makes then, and what it was refused and had not been before.
 *
 * @param observed  the run under the same rights, but for the profile of system calls
 * @returns the wider rights, and what is new, for people; nothing new: then something else is the reason
 */
export function widenRights(
  rights: Rights,
  observed: Observation,
  { before, image }: WidenOptions,
): { readonly rights: Rights; readonly added: readonly string[] } {
  const known = new Set(before.denials.map(denialKey));
  const denials = observed.denials.filter((denial) => !known.has(denialKey(denial)));
  const found = findRights([observed], { architecture: rights.architecture });
  const capabilities = denials.flatMap((denial): readonly CapabilityRight[] => {
    const name = rights.writable.some((place) => forbidsToExecute(place, denial))
      ? undefined
      : capabilityOf(denial);
    return name === undefined ? [] : [{ name, reasons: [denial.site] }];
  });
  const written = denials.filter(({ errno }) => errno === 'EROFS').flatMap((denial) => pathOf(denial) ?? []);
  const places = findPlaces(
    written.map((path) => ({ path, isNew: true })),
    image,
  );
  const isCutOff = denials.some(({ errno }) => errno === 'ENETUNREACH');
  const more = mergeRights(rights, {
    ...rights,
    calls: found.calls.map((call) => ({ ...call, reasons: call.reasons.map(toRepair) })),
    capabilities: capabilities.map(({ name, reasons }) => ({ name, reasons: reasons.map(toRepair) })),
    writable: places.writable,
    rootWrites: places.rootWrites,
    network: isCutOff ? { ...rights.network, kind: 'network', connects: true } : rights.network,
  });
  const widened = { ...more, writable: executable(more.writable, denials) };
  const added = newRights(rights, widened);
  // Reasons of what is allowed already stay as they were.
  return added.length === 0 ? { rights, added } : { rights: withFirstReasons(rights, widened), added };
}

function denialKey({ site, errno, path }: Denial): string {
  return `${site.call} ${errno} ${path}`;
}

/** A byte string, absolute, of the first path; one that begins elsewhere is taken from the folder that strace names. */
function pathOf({ path, argumentsText }: Denial): string | undefined {
  if (path === undefined) return undefined;
  if (path.startsWith('/')) return parsePrintedPath(path);
  const folder = /^(?:AT_FDCWD|\d+)<([^>]*)>/.exec(argumentsText)?.[1];
  return folder === undefined ? undefined : parsePrintedPath(`${folder}/${path}`);
}

function toRepair(reason: RightReason): RightReason {
  return reason.kind === 'run' ? { ...reason, kind: 'repair' } : reason;
}

/** Engines let nothing in a place in memory be executed, unless they are asked to. */
function executable(places: Rights['writable'], denials: readonly Denial[]): Rights['writable'] {
  return places.map((place) =>
    denials.some((denial) => forbidsToExecute(place, denial)) ? { ...place, executable: true } : place,
  );
}

function forbidsToExecute({ path, kind }: Rights['writable'][number], denial: Denial): boolean {
  const isRefused = denial.site.call.startsWith('execve') && denial.errno === 'EACCES';
  return kind === 'tmpfs' && isRefused && pathOf(denial)?.startsWith(`${path}/`) === true;
}

/** What one side has more than the other, for people. */
function newRights(before: Rights, after: Rights): readonly string[] {
  const names = (rights: Rights) => [
    ...rights.calls.map(({ name, only }) => `${name}${only === undefined ? '' : ` ${JSON.stringify(only)}`}`),
    ...rights.capabilities.map(({ name }) => `CAP_${name}`),
    ...rights.writable.map(
      ({ path, kind, executable }) => `${path}${executable ? ' (executable)' : ''} ${kind}`,
    ),
    ...rights.rootWrites,
    ...(rights.network.kind === 'network' ? ['network'] : []),
  ];
  const old = new Set(names(before));
  return names(after).filter((name) => !old.has(name));
}

function withFirstReasons(before: Rights, after: Rights): Rights {
  const keep = <T extends { readonly name: string; readonly reasons: readonly RightReason[] }>(
    old: readonly T[],
    now: readonly T[],
  ): readonly T[] => {
    const reasons = new Map(old.map((right) => [right.name, right.reasons]));
    return now.map((right) => ({ ...right, reasons: reasons.get(right.name) ?? right.reasons }));
  };
  return {
    ...after,
    calls: keep(before.calls, after.calls),
    capabilities: keep(before.capabilities, after.capabilities),
    writable: mergePlaces(after.writable),
  };
}
