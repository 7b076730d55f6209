/** An address of the internet, as strace prints it. */
export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * The address among the arguments of bind or connect.
 *
 * @returns undefined where it is of another family, or no address
 * @example parseAddress('3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("0.0.0.0")}, 16')?.port // 80
 */
export function parseAddress(argumentsText: string): SocketAddress | undefined {
  if (!/sa_family=AF_INET6?\b/.test(argumentsText)) return undefined;
  const port = /sin6?_port=htons\((\d+)\)/.exec(argumentsText)?.[1];
  const host = /inet_(?:addr\(|pton\(AF_INET6, )"([^"]*)"/.exec(argumentsText)?.[1];
  return port === undefined || host === undefined ? undefined : { host, port: Number(port) };
}

/** Whether an address is the machine's own. */
export function isLoopbackAddress(host: string): boolean {
  return host.startsWith('127.') || host === '::1' || host.startsWith('::ffff:127.');
}
