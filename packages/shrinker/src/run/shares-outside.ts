import { OWN_NETWORKS } from './own-networks.js';
import type { Run } from './run.js';

/** Whether two runs at a time may get in each other's way: a port of the engine's machine, a device, a server that both ask. */
export function sharesOutside({ options = {} }: Run): boolean {
  const { publish = [], device = [], gpus, network = 'default' } = options;
  return (
    publish.some((port) => port.includes(':')) ||
    device.length > 0 ||
    gpus !== undefined ||
    !OWN_NETWORKS.has(network)
  );
}
