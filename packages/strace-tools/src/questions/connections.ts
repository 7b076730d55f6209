import { FileModel, type Program, type SyscallEvent } from '@keepset/strace-parser';
import { descriptorOf } from './descriptor.js';
import { errnoOf } from './event-filter.js';
import { forkOf } from './forks.js';
import { parseSocketAddress, parseSocketNote, type SocketAddress } from './socket-address.js';
import { type EventInput, type QuestionOptions, traceEvents } from './traced-events.js';
import { transfersOf } from './transfers.js';

/** A socket that was connected, accepted, or bound, and what went through it. */
export interface Connection {
  /** `AF_INET`, `AF_INET6`, `AF_UNIX`, `AF_NETLINK`, … */
  readonly family: string;
  /** The other side's; of a listening socket, its own. A byte string where it is a path. */
  readonly address: string | undefined;
  readonly port: number | undefined;
  /** `out`: connected or sent to; `in`: accepted or received from; `listen`: its own address was set. */
  readonly direction: 'out' | 'in' | 'listen';
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Why it failed; undefined if it did not. */
  readonly error: string | undefined;
  /** The thread that began it. */
  readonly pid: number;
  /** Line of the log. */
  readonly line: number;
  readonly time: number | undefined;
  readonly program: Program | undefined;
}

type Found = { -readonly [Key in keyof Connection]: Connection[Key] };
/** Of one process: what its descriptors are. Shared where CLONE_FILES says so. */
type Sockets = Map<number, Socket>;

interface Socket {
  connection: Found | undefined;
  /** Of a socket without connection: by the other side's address. */
  readonly peers: Map<string, Found>;
}

/** A call that has begun, but not ended, a connection. */
const PENDING: ReadonlySet<string> = new Set(['EINPROGRESS', 'EALREADY', 'EINTR']);

/**
 * Whom processes talked to: by socket, with bytes and errors.
 *
 * @returns  in the order in which they began
 * @throws StraceToolsError FILTER_INVALID
 * @example (await connections(parseStrace(log))).filter(({ direction, port }) => direction === 'out' && port === 443)
 */
export async function connections(
  events: EventInput,
  options: QuestionOptions = {},
): Promise<readonly Connection[]> {
  const model = new FileModel();
  const sockets = new SocketTable(model);
  const found: Found[] = [];
  // A connection is wanted if one of its calls is.
  const wanted = new Set<Found>();
  for await (const { event, program, isWanted } of traceEvents(events, options, model)) {
    if (event.kind === 'end') sockets.ended(event.pid);
    if (event.kind !== 'syscall') continue;
    const touched = sockets.read(event, program, found);
    if (isWanted && touched !== undefined) wanted.add(touched);
  }
  return found.filter((each) => wanted.has(each));
}

class SocketTable {
  readonly #tables = new Map<number, Sockets>();

  constructor(private readonly model: FileModel) {}

  /** @returns  the connection that the call is about */
  read(event: SyscallEvent, program: Program | undefined, found: Found[]): Found | undefined {
    const failed = errnoOf(event.resultText);
    switch (event.name) {
      case 'socket':
        if (failed === undefined)
          this.#of(event.pid).set(resultOf(event), { connection: undefined, peers: new Map() });
        return undefined;
      case 'connect':
      case 'bind':
      case 'accept':
      case 'accept4':
        return this.#begin(event, program, failed, found);
      case 'getsockopt':
        return this.#asked(event);
      case 'close':
        if (failed === undefined) this.#of(event.pid).delete(this.#number(event));
        return undefined;
      case 'dup':
      case 'dup2':
      case 'dup3':
      case 'fcntl':
        if (failed === undefined) this.#duplicate(event);
        return undefined;
    }
    const fork = forkOf(event);
    if (fork !== undefined) {
      const table = this.#of(event.pid);
      this.#tables.set(fork.child, fork.sharesFiles ? table : new Map(table));
      return undefined;
    }
    return this.#transfer(event, program, found);
  }

  ended(pid: number): void {
    this.#tables.delete(pid);
  }

  #of(pid: number): Sockets {
    let table = this.#tables.get(pid);
    if (table === undefined) {
      table = new Map();
      this.#tables.set(pid, table);
    }
    return table;
  }

  #number(event: SyscallEvent): number {
    return descriptorOf(event, this.model)?.number ?? -1;
  }

  #socket(event: SyscallEvent, descriptor: number): Socket {
    const table = this.#of(event.pid);
    let socket = table.get(descriptor);
    if (socket === undefined) {
      socket = { connection: undefined, peers: new Map() };
      table.set(descriptor, socket);
    }
    return socket;
  }

  #begin(
    event: SyscallEvent,
    program: Program | undefined,
    failed: string | undefined,
    found: Found[],
  ): Found | undefined {
    const accepts = event.name.startsWith('accept');
    if (accepts && failed !== undefined) return undefined;
    const address = parseSocketAddress(event.argumentsText) ?? (accepts ? this.#accepted(event) : undefined);
    if (address === undefined) return undefined;
    const socket = this.#socket(event, accepts ? resultOf(event) : this.#number(event));
    const direction = accepts ? 'in' : event.name === 'bind' ? 'listen' : 'out';
    const before = socket.connection;
    if (before?.direction === 'out' && direction === 'out' && isSame(before, address)) {
      // Asked again, of a socket that does not wait: whether it is there now.
      if (failed === undefined || failed === 'EISCONN') before.error = undefined;
      else if (!PENDING.has(failed)) before.error = failed;
      return before;
    }
    const error = failed !== undefined && PENDING.has(failed) ? undefined : failed;
    socket.connection = connectionOf(event, program, direction, address, error);
    // To connect to nobody ends a connection.
    if (accepts || socket.connection.family !== 'AF_UNSPEC') found.push(socket.connection);
    return socket.connection;
  }

  /** Whose connection was accepted, where the program did not ask: strace may show it, else the socket that listened. */
  #accepted(event: SyscallEvent): SocketAddress {
    const note = /^\d+<(.*)>/.exec(event.resultText)?.[1] ?? '';
    const shown = parseSocketNote(note);
    if (shown !== undefined) return shown;
    const listening = this.#of(event.pid).get(this.#number(event))?.connection;
    return { family: listening?.family ?? 'AF_UNSPEC', address: undefined, port: undefined };
  }

  /** What became of a connection that was not waited for. */
  #asked(event: SyscallEvent): Found | undefined {
    const connection = this.#of(event.pid).get(this.#number(event))?.connection;
    const error = /\bSO_ERROR, \[(E[A-Z]+|\d+)\]/.exec(event.argumentsText)?.[1];
    if (connection === undefined || error === undefined) return undefined;
    if (error !== '0') connection.error = error;
    return connection;
  }

  #duplicate(event: SyscallEvent): void {
    const table = this.#of(event.pid);
    const socket = table.get(this.#number(event));
    if (event.name === 'fcntl' && !event.argumentsText.includes('F_DUPFD')) return;
    if (socket === undefined) table.delete(resultOf(event));
    else table.set(resultOf(event), socket);
  }

  #transfer(event: SyscallEvent, program: Program | undefined, found: Found[]): Found | undefined {
    let touched: Found | undefined;
    for (const { direction, descriptor, bytes } of transfersOf(event, this.model)) {
      const known = this.#of(event.pid).get(descriptor.number);
      if (known === undefined) continue;
      const connection = this.#peer(event, program, known, direction === 'read' ? 'in' : 'out', found);
      if (connection === undefined) continue;
      if (direction === 'read') connection.bytesReceived += bytes;
      else connection.bytesSent += bytes;
      touched = connection;
    }
    return touched;
  }

  /** The other side of a message; that of the socket's connection, if the message names none. */
  #peer(
    event: SyscallEvent,
    program: Program | undefined,
    socket: Socket,
    direction: 'in' | 'out',
    found: Found[],
  ): Found | undefined {
    const { connection, peers } = socket;
    const address = parseSocketAddress(event.argumentsText);
    if (address === undefined || (connection !== undefined && connection.direction !== 'listen'))
      return connection;
    const key = `${address.family} ${address.address} ${address.port}`;
    let peer = peers.get(key);
    if (peer === undefined) {
      peer = connectionOf(event, program, direction, address, undefined);
      peers.set(key, peer);
      found.push(peer);
    }
    return peer;
  }
}

function connectionOf(
  { pid, line, time }: SyscallEvent,
  program: Program | undefined,
  direction: Connection['direction'],
  { family, address: name, port }: SocketAddress,
  error: string | undefined,
): Found {
  return {
    family,
    address: name,
    port,
    direction,
    bytesSent: 0,
    bytesReceived: 0,
    error,
    pid,
    line,
    time,
    program,
  };
}

function isSame(connection: Found, { address, port }: SocketAddress): boolean {
  return connection.address === address && connection.port === port;
}

function resultOf(event: SyscallEvent): number {
  return Number.parseInt(event.resultText, 10);
}
