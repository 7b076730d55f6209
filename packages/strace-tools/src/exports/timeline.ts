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
  const processes = new Map<number, number>();
  const named = new Map<number, string>();
  let separator = '{"displayTimeUnit":"ns","traceEvents":[';
  for await (const traced of wantedEvents(events, options)) {
    for (const entry of entriesOf(traced, processes, named)) {
      yield `${separator}\n${JSON.stringify(entry)}`;
      separator = ',';
    }
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

function* entriesOf(
  { event, accesses, program }: TracedEvent,
  processes: Map<number, number>,
  named: Map<number, string>,
): Generator<TraceEntry> {
  if (event.time === undefined) return;
  const tid = event.pid;
  if (event.kind === 'syscall') {
    const fork = forkOf(event);
    if (fork?.isThread) processes.set(fork.child, processes.get(tid) ?? tid);
  }
  const pid = processes.get(tid) ?? tid;
  const name = program === undefined ? undefined : printPath(program.argv.join(' ') || program.path);
  if (name !== undefined && named.get(pid) !== name) {
    named.set(pid, name);
    yield { ph: 'M', name: 'process_name', pid, tid, args: { name } };
  }
  const ts = Math.round(event.time * MICROSECONDS * 1000) / 1000;
  if (event.kind === 'syscall') {
    const path = accesses[0]?.path;
    yield {
      ph: 'X',
      name: event.name,
      cat: 'syscall',
      pid,
      tid,
      ts,
      dur: Math.round((durationOf(event) ?? 0) * MICROSECONDS * 1000) / 1000,
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

const MARKS: ReadonlySet<StraceEvent['kind']> = new Set(['signal', 'end', 'stopped']);

function argumentsOf(event: SyscallEvent, path: string | undefined): object {
  return {
    line: event.line,
    ...(path === undefined ? {} : { path: printPath(path) }),
    error: errnoOf(event.resultText),
    result: printPath(resultOf(event).slice(0, 100)),
  };
}
