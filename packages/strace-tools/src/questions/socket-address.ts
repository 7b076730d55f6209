import { unescapeC } from '@keepset/strace-parser';

/** What an address structure says, as strace prints it. */
export interface SocketAddress {
  /** `AF_INET`, `AF_INET6`, `AF_UNIX`, … */
  readonly family: string;
  /** An IP address; a path, or `@` and an abstract name: a byte string. */
  readonly address: string | undefined;
  readonly port: number | undefined;
}

/** `{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}`; undefined if there is none. */
export function parseSocketAddress(text: string): SocketAddress | undefined {
  const family = /\bsa_family=(AF_\w+)/.exec(text)?.[1];
  if (family === undefined) return undefined;
  const port = /\bsin6?_port=htons\((\d+)\)/.exec(text)?.[1];
  return {
    family,
    address: /\b(?:inet_addr\(|inet_pton\(AF_INET6, )"/.test(text) ? numbersIn(text) : pathIn(text),
    port: port === undefined ? undefined : Number(port),
  };
}

/** -xx prints them as bytes, too. */
function numbersIn(text: string): string | undefined {
  const address = /\b(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]*)"/.exec(text)?.[1];
  return address === undefined ? undefined : unescapeC(address);
}

function pathIn(text: string): string | undefined {
  const [, at, path] = /\bsun_path=(@?)"((?:[^"\\]|\\.)*)"/s.exec(text) ?? [];
  return path === undefined ? undefined : `${at}${unescapeC(path)}`;
}

/** The other side in `TCP:[127.0.0.1:41205->127.0.0.1:45826]`, `TCPv6:[[::1]:1->[::1]:2]`: what -yy shows of a socket. */
export function parseSocketNote(note: string): SocketAddress | undefined {
  const [, version, address, port] =
    /^(?:TCP|UDP|UDPLITE|SCTP|DCCP)(v6)?:\[\S+->\[?([\da-f.:]+?)\]?:(\d+)\]$/.exec(note) ?? [];
  if (address === undefined) return undefined;
  return { family: version === undefined ? 'AF_INET' : 'AF_INET6', address, port: Number(port) };
}
