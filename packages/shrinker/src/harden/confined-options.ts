import type { RunOptions } from '@keepset/docker-engine';
import { containerOptions, type Rights, toSeccompProfile } from '@keepset/hardening';

/** How far a run is confined. */
export interface Confinement {
  /** Whether its system calls are. A tracer makes calls that the run does not. Default true. */
  readonly profile?: boolean;
  /** As whom it runs. Default: as it would. */
  readonly user?: string;
}

/** The options of a run that has these rights and no other. */
export function confinedOptions(
  given: RunOptions,
  rights: Rights,
  { profile = true, user }: Confinement = {},
): RunOptions {
  const { securityOpt = [], tmpfs = [], volume = [] } = given;
  const { readOnly, capabilities, noNewPrivileges, network, ...places } = containerOptions(rights);
  return {
    ...given,
    capDrop: ['ALL'],
    capAdd: capabilities,
    securityOpt: [
      ...securityOpt.filter((option) => !/^(?:seccomp|no-new-privileges)\b/.test(option)),
      ...(noNewPrivileges ? ['no-new-privileges'] : []),
      ...(profile ? [`seccomp=${JSON.stringify(toSeccompProfile(rights))}`] : []),
    ],
    readOnly: given.readOnly === true || readOnly,
    tmpfs: [...tmpfs, ...places.tmpfs],
    volume: [...volume, ...places.volumes],
    ...(given.network === undefined && network !== undefined && { network }),
    ...(user !== undefined && { user }),
  };
}
