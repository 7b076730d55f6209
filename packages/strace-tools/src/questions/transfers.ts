import type { FileModel, StraceEvent, SyscallEvent } from '@keepset/strace-parser';
import { type Descriptor, descriptorOf } from './descriptor.js';

/** Bytes that a call moved from or to a descriptor. */
export interface Transfer {
  readonly direction: 'read' | 'write';
  readonly descriptor: Descriptor;
  readonly bytes: number;
}

/** Which argument is read from, and which is written to. */
const CALLS: Readonly<Record<string, readonly [read: number | undefined, write: number | undefined]>> = {
  ...callsOf('read pread64 readv preadv preadv2 recv recvfrom recvmsg recvmmsg', [0, undefined]),
  ...callsOf('write pwrite64 writev pwritev pwritev2 send sendto sendmsg sendmmsg vmsplice', [undefined, 0]),
  ...callsOf('sendfile sendfile64', [1, 0]),
  ...callsOf('copy_file_range splice', [0, 2]),
  tee: [0, 1],
};
const SEVERAL = /\bmsg_len=(\d+)/g;

function endsOf(name: string) {
  return Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
}

/** What a call read and wrote; nothing if it failed, or moves no bytes. */
export function transfersOf(event: SyscallEvent, model: FileModel): readonly Transfer[] {
  const ends = endsOf(event.name);
  if (ends === undefined) return NONE;
  const bytes = bytesOf(event);
  if (!(bytes > 0)) return NONE;
  const transfers: Transfer[] = [];
  const [from, to] = ends;
  const source = from === undefined ? undefined : descriptorOf(event, model, from);
  if (source !== undefined) transfers.push({ direction: 'read', descriptor: source, bytes });
  const target = to === undefined ? undefined : descriptorOf(event, model, to);
  if (target !== undefined) transfers.push({ direction: 'write', descriptor: target, bytes });
  return transfers;
}

/** The files of the descriptors that a call is given: of its first argument, and of those that bytes move between. */
export function descriptorPaths(event: StraceEvent, model: FileModel): readonly string[] {
  if (event.kind !== 'syscall') return [];
  const others = endsOf(event.name)?.filter((index) => index !== undefined) ?? [];
  return [0, ...others].flatMap((index) => descriptorOf(event, model, index)?.path ?? []);
}

/** sendmmsg and recvmmsg return how many messages they moved. */
function bytesOf({ name, argumentsText, resultText }: SyscallEvent): number {
  const result = Number.parseInt(resultText, 10);
  if (!name.endsWith('mmsg') || !(result > 0)) return result;
  const lengths = [...argumentsText.matchAll(SEVERAL)].slice(0, result);
  return lengths.reduce((sum, [, length]) => sum + Number(length), 0);
}

const NONE: readonly Transfer[] = [];

function callsOf<Ends>(names: string, ends: Ends): Record<string, Ends> {
  return Object.fromEntries(names.split(' ').map((name) => [name, ends]));
}
