import { OWN_NETWORKS } from './own-networks.js';
import type { Run } from './run.js';

/**
 * Whether two runs at a time may get in each other's way: a port of the engine's machine, a device, a server that both ask, files
 * of the caller's that both write by their probes.
 */
export function sharesOutside({ options = {}, service }: Run): boolean {
  const { publish = [], device = [], gpus, network = 'default' } = options;
  return (
    publish.some((port) => port.includes(':')) ||
    device.length > 0 ||
    gpus !== undefined ||
    !OWN_NETWORKS.has(network) ||
    service?.steps.some(({ kind }) => kind === 'probe') === true
  );
}
