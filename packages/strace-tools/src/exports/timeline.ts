import { printPath, type StraceEvent, type SyscallEvent } from '@keepset/strace-parser';
import { errnoOf } from '../questions/event-filter.js';
import { forkOf } from '../questions/forks.js';
import { durationOf, resultOf } from '../questions/summarise-times.js';
import {
  type EventInput,
  type QuestionOptions,
  type TracedEvent,
  wantedEvents,
} from '../questions/traced-events.js';
import { StraceToolsError } from '../strace-tools-error.js';

/** Microseconds of a second: the format's unit. */
const MICROSECONDS = 1e6;

/**
 * A log as a trace in the Trace Event Format, which Perfetto and Chrome open: a row for each thread, a bar for each call,
 * a mark for each signal and end.
 *
 * @param events  of a log with times (-ttt, -tt, -r); with -T bars are as long as calls took
 * @returns       the JSON's text, in pieces
 * @throws StraceToolsError TIMES_MISSING, FILTER_INVALID
 * @see the Trace Event Format, "JSON Object Format"
 * @example for await (const piece of timeline(parseStrace(log))) file.write(piece);
 */
export async function* timeline(events: EventInput, options: QuestionOptions = {}): AsyncGenerator<string> {
  const threads = new Threads();
  let separator = '{"displayTimeUnit":"ns","traceEvents":[';
  for await (const traced of wantedEvents(events, options)) {
    for (const entry of entriesOf(traced, threads)) {
      yield `${separator}\n${JSON.stringify(entry)}`;
      separator = ',';
    }
    if (traced.event.kind === 'end') threads.forget(traced.event.pid);
  }
  if (separator !== ',')
    throw new StraceToolsError('TIMES_MISSING', 'no event of the log has a time', {
      hint: 'Record it with strace -ttt -T.',
    });
  yield '\n]}\n';
}

/** @see the Trace Event Format: `ph` X is a bar, i a mark, M a name */
interface TraceEntry {
  readonly ph: 'X' | 'i' | 'M';
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly s?: 't';
  readonly args?: object;
}

/** What is known of threads while their events come. */
class Threads {
  /** The process that a thread is of, if it is another one. */
  readonly processes = new Map<number, number>();
  /** What a process was called last. */
  readonly names = new Map<number, string>();
  /** Where the last bar of a thread ends. */
  readonly ends = new Map<number, number>();

  forget(tid: number): void {
    this.processes.delete(tid);
    this.names.delete(tid);
    this.ends.delete(tid);
  }
}

function* entriesOf(
  { event, accesses, program }: TracedEvent,
  { processes, names, ends }: Threads,
): Generator<TraceEntry> {
  if (event.time === undefined) return;
  const tid = event.pid;
  if (event.kind === 'syscall') {
    const fork = forkOf(event);
    if (fork?.isThread) processes.set(fork.child, processes.get(tid) ?? tid);
  }
  const pid = processes.get(tid) ?? tid;
  const name = program === undefined ? undefined : printPath(program.argv.join(' ') || program.path);
  if (name !== undefined && names.get(pid) !== name) {
    names.set(pid, name);
    yield { ph: 'M', name: 'process_name', pid, tid, args: { name } };
  }
  const ts = microseconds(event.time);
  if (event.kind === 'syscall') {
    const path = accesses[0]?.path;
    // strace rounds both, so that a call may begin before the last one has ended; Perfetto leaves out what overlaps.
    const start = Math.max(ts, ends.get(tid) ?? ts);
    const end = Math.max(start, ts + microseconds(durationOf(event) ?? 0));
    ends.set(tid, end);
    yield {
      ph: 'X',
      name: event.name,
      cat: 'syscall',
      pid,
      tid,
      ts: start,
      dur: microseconds((end - start) / MICROSECONDS),
      args: argumentsOf(event, path),
    };
  } else if (MARKS.has(event.kind))
    yield {
      ph: 'i',
      s: 't',
      name: printPath(event.text),
      cat: event.kind,
      pid,
      tid,
      ts,
      args: { line: event.line },
    };
}

/** To nanoseconds. */
function microseconds(seconds: number): number {
  return Math.round(seconds * MICROSECONDS * 1000) / 1000;
}

const MARKS: ReadonlySet<StraceEvent['kind']> = new Set(['signal', 'end', 'stopped']);

function argumentsOf(event: SyscallEvent, path: string | undefined): object {
  return {
    line: event.line,
    ...(path === undefined ? {} : { path: printPath(path) }),
    error: errnoOf(event.resultText),
    result: printPath(resultOf(event).slice(0, 100)),
  };
}
