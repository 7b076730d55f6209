import { invalidOption } from './invalid-option.js';

const PORT =
  /^(?:(\[[0-9a-fA-F:]+\]|\d+(?:\.\d+){3}):)?(?:(\d*(?:-\d+)?):)?(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/;

/** @see docker-run(1), publish */
export function parsePorts(texts: readonly string[]) {
  const exposed: Record<string, Record<string, never>> = {};
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const text of texts) {
    const match = PORT.exec(text);
    if (match === null) throw invalidOption('publish', text, '[[IP:]PORT:]PORT[/PROTOCOL]');
    const [, ip = '', host = '', first, last = first, protocol = 'tcp'] = match;
    const [hostFirst, hostLast = hostFirst] = host.split('-');
    const count = Number(last) - Number(first) + 1;
    const spread = host !== '' && Number(hostLast) - Number(hostFirst) + 1 === count;
    if (count < 1 || (count > 1 && host !== '' && !spread))
      throw invalidOption('publish', text, 'ranges of the same length');
    for (let at = 0; at < count; at++) {
      const port = `${Number(first) + at}/${protocol}`;
      exposed[port] = {};
      bindings[port] = [
        ...(bindings[port] ?? []),
        { HostIp: ip.replace(/^\[|\]$/g, ''), HostPort: spread ? String(Number(hostFirst) + at) : host },
      ];
    }
  }
  return texts.length === 0 ? {} : { exposedPorts: exposed, portBindings: bindings };
}
