import type { Hardening } from '../hardening.js';
import { containerOptions } from './container-options.js';
import { serviceName } from './service-name.js';

/** A fragment for Compose: to be merged into a file that says how the service is run. @see Compose specification */
export async function composeText(hardening: Hardening): Promise<string> {
  const { stringify } = await import('yaml');
  const { readOnly, capabilities, noNewPrivileges, tmpfs, volumes, network } = containerOptions(hardening);
  const services = hardening.images.map((image) => [
    serviceName(image),
    {
      image,
      cap_drop: ['ALL'],
      ...(capabilities.length > 0 && { cap_add: capabilities }),
      security_opt: [
        ...(noNewPrivileges ? ['no-new-privileges=true'] : []),
        // Beside this file: docker compose reads it, and sends the profile itself.
        'seccomp=seccomp.json',
      ],
      ...(readOnly && { read_only: true }),
      ...(tmpfs.length > 0 && { tmpfs }),
      ...(volumes.length > 0 && { volumes }),
      ...(network !== undefined && { network_mode: network }),
    },
  ]);
  return `# docker compose -f YOURS -f compose.yaml up, in this folder.\n${stringify({
    services: Object.fromEntries(services),
  })}`;
}
