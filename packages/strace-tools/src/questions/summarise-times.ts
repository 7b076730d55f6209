import { FileModel, type SyscallEvent } from '@keepset/strace-parser';
import { descriptorOf } from './descriptor.js';
import { Durations } from './durations.js';
import { type EventInput, eachEvent, type QuestionOptions } from './traced-events.js';

/** How long the calls of one kind took. All times are in seconds. */
export interface TimeSummary {
  /** Of the call, the path, or the thread. */
  readonly name: string;
  readonly count: number;
  readonly total: number;
  readonly mean: number;
  /** Percentiles are right within a hundredth. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly longest: number;
}

/** One call that took long. */
export interface SlowCall {
  readonly line: number;
  readonly pid: number;
  readonly call: string;
  /** A byte string. */
  readonly path: string | undefined;
  readonly time: number | undefined;
  readonly duration: number;
}

/** How long calls took. */
export interface TimesSummary {
  /** Each sorted by total, the longest first. */
  readonly calls: readonly TimeSummary[];
  /** By path: a byte string. */
  readonly files: readonly TimeSummary[];
  /** By thread; the name is its number. */
  readonly processes: readonly TimeSummary[];
  readonly slowest: readonly SlowCall[];
  /** Calls of which the log does not say how long they took: without -T those that nothing interrupted. */
  readonly unknown: number;
}

/** Which calls count, and how many are named. */
export interface TimesOptions extends QuestionOptions {
  /** How many of the slowest calls are named. Default 10. */
  readonly slowest?: number | undefined;
}

/**
 * How long calls took: by call, by file, by thread, and which took longest.
 *
 * @param events  of a log with -T; without it, a call's halves say when it began and ended, if lines have times
 * @throws StraceToolsError FILTER_INVALID
 * @example (await summariseTimes(parseStrace(log))).calls[0] // { name: 'wait4', count: 3, total: 1.02, … }
 */
export async function summariseTimes(events: EventInput, options: TimesOptions = {}): Promise<TimesSummary> {
  const model = new FileModel();
  const calls = new Map<string, Durations>();
  const files = new Map<string, Durations>();
  const processes = new Map<string, Durations>();
  const slowest = new Slowest(options.slowest ?? 10);
  let unknown = 0;
  await eachEvent(events, options, model, (event, accesses) => {
    if (event.kind !== 'syscall') return;
    const duration = durationOf(event);
    if (duration === undefined) {
      unknown++;
      return;
    }
    const access = accesses.at(-1);
    const path = access === undefined ? descriptorOf(event, model)?.path : (access.realPath ?? access.path);
    add(calls, event.name, duration);
    add(processes, String(event.pid), duration);
    if (path !== undefined) add(files, path, duration);
    slowest.add(event, path, duration);
  });
  return {
    calls: summaries(calls),
    files: summaries(files),
    processes: summaries(processes),
    slowest: slowest.list(),
    unknown,
  };
}

/** How long a call took, in seconds: as -T says, else from its first half to its second. */
export function durationOf(event: SyscallEvent): number | undefined {
  const { duration, time, endTime } = event;
  if (duration !== undefined) return duration;
  return time === undefined || endTime === undefined ? undefined : endTime - time;
}

/** What a call returned, without how long it took (-T). */
export function resultOf(event: SyscallEvent): string {
  return event.resultText.replace(/ <\d+\.\d+>$/, '');
}

function add(summary: Map<string, Durations>, name: string, seconds: number): void {
  let durations = summary.get(name);
  if (durations === undefined) {
    durations = new Durations();
    summary.set(name, durations);
  }
  durations.add(seconds);
}

function summaries(all: ReadonlyMap<string, Durations>): TimeSummary[] {
  return [...all]
    .map(([name, durations]) => ({
      name,
      count: durations.count,
      total: rounded(durations.total),
      mean: rounded(durations.total / durations.count),
      p50: durations.percentile(0.5),
      p90: durations.percentile(0.9),
      p99: durations.percentile(0.99),
      longest: durations.longest,
    }))
    .sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
}

/** To nanoseconds: strace says no more, and the rest is only that of adding. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1e9) / 1e9;
}

/** The longest of many, in order. */
class Slowest {
  readonly #calls: SlowCall[] = [];

  constructor(private readonly most: number) {}

  add({ line, pid, name, time }: SyscallEvent, path: string | undefined, duration: number): void {
    const calls = this.#calls;
    if (calls.length === this.most && !(duration > (calls.at(-1)?.duration ?? Number.POSITIVE_INFINITY)))
      return;
    const place = calls.findIndex((each) => each.duration < duration);
    calls.splice(place < 0 ? calls.length : place, 0, { line, pid, call: name, path, time, duration });
    if (calls.length > this.most) calls.pop();
  }

  list(): readonly SlowCall[] {
    return this.#calls;
  }
}
