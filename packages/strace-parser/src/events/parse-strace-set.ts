import type { TraceInput } from '../input.js';
import type { StraceEvent } from './events.js';
import { parseStrace } from './parse-strace.js';

/** One log of a set, as `strace -ff -o NAME` writes them: NAME.PID. */
export interface TraceFile {
  /** From the file's name. */
  readonly pid: number;
  readonly input: TraceInput;
}

/**
 * The events of a set of logs, one per process (-ff), in an order in which they can have happened: all of a
 * child's events come where its parent's clone returned. The events of processes that ran at the same time are
 * therefore not interleaved, and line numbers are those of each file.
 *
 * @param files  the first process first; logs of processes whose parent is not among them come last, in order
 */
export async function* parseStraceSet(files: Iterable<TraceFile>): AsyncGenerator<StraceEvent> {
  const waiting = new Map<number, TraceInput>();
  for (const { pid, input } of files) waiting.set(pid, input);
  for (const pid of [...waiting.keys()]) yield* eventsOf(pid, waiting);
}

async function* eventsOf(pid: number, waiting: Map<number, TraceInput>): AsyncGenerator<StraceEvent> {
  const input = waiting.get(pid);
  if (input === undefined) return;
  waiting.delete(pid);
  for await (const event of parseStrace(input, { pid })) {
    yield event;
    if (event.kind !== 'syscall' || !/^(?:clone[23]?|v?fork)$/.test(event.name)) continue;
    const child = Number.parseInt(event.resultText, 10);
    if (child > 0) yield* eventsOf(child, waiting);
  }
}
