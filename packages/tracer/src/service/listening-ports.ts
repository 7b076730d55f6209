/**
 * The TCP ports on which something listens.
 *
 * @param text  of /proc/net/tcp, /proc/net/tcp6, or both one after the other; see proc(5)
 */
export function listeningPorts(text: string): ReadonlySet<number> {
  const ports = [...text.matchAll(/^ *\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A /gim)];
  return new Set(ports.map(([, port = '']) => Number.parseInt(port, 16)));
}
